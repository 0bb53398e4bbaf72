/** What a client is, in two words; null where it does not say, or is none of those that are known. */
export interface Device {
  readonly browser: string | null;
  readonly system: string | null;
}

type Names = readonly (readonly [name: string, pattern: RegExp])[];

/** In this order: most say that they are Chrome and Safari as well, and Chrome that it is Safari. */
const BROWSERS: Names = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Vivaldi', /\bVivaldi\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|Chromium|CriOS)\//],
  ['Safari', /\bVersion\/\S+ (?:Mobile\/\S+ )?Safari\//],
  ['curl', /^curl\//],
];

/** Telephones first: Android says that it is Linux, and an iPhone that it is like Mac OS X. */
const SYSTEMS: Names = [
  ['iPhone', /\bi(?:Phone|Pod)\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b|\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** @param agent the `User-Agent` of a request, which may be anything: only names from here come out. */
export function deviceOf(agent: string | undefined): Device {
  const find = (names: Names) => names.find(([, pattern]) => pattern.test(agent ?? ''))?.[0] ?? null;
  return { browser: find(BROWSERS), system: find(SYSTEMS) };
}
