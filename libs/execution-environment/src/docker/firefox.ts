/** What Firefox may do in a desktop: read the documentation, and nothing else. */

/** The page with which it begins, put there by the host. */
export const START_PAGE = '/etc/ckx/documentation.html';

const NO = false;

/** The content of Firefox's policies.json. What a policy cannot say is in the image (images/desktop: ckx.cfg). */
export function firefoxPolicies(hosts: readonly string[]): string {
  const start = `file://${START_PAGE}`;
  const policies = {
    AppAutoUpdate: NO,
    AutofillAddressEnabled: NO,
    AutofillCreditCardEnabled: NO,
    BlockAboutAddons: true,
    BlockAboutConfig: true,
    BlockAboutProfiles: true,
    BlockAboutSupport: true,
    CaptivePortal: NO,
    DefaultDownloadDirectory: '/tmp',
    DisableAppUpdate: true,
    DisableDeveloperTools: true,
    DisableFeedbackCommands: true,
    DisableFirefoxAccounts: true,
    DisableFirefoxScreenshots: true,
    DisableFirefoxStudies: true,
    DisableFormHistory: true,
    DisablePasswordReveal: true,
    DisablePocket: true,
    DisablePrivateBrowsing: true,
    DisableProfileImport: true,
    DisableProfileRefresh: true,
    DisableSafeMode: true,
    DisableSetDesktopBackground: true,
    DisableSystemAddonUpdate: true,
    DisableTelemetry: true,
    DisplayBookmarksToolbar: 'always',
    DNSOverHTTPS: { Enabled: NO, Locked: true },
    DontCheckDefaultBrowser: true,
    DownloadDirectory: '/tmp',
    ExtensionSettings: { '*': { installation_mode: 'blocked' } },
    ExtensionUpdate: NO,
    FirefoxHome: {
      Search: NO,
      TopSites: NO,
      SponsoredTopSites: NO,
      Highlights: NO,
      Pocket: NO,
      SponsoredPocket: NO,
      Snippets: NO,
      Locked: true,
    },
    FirefoxSuggest: { WebSuggestions: NO, SponsoredSuggestions: NO, ImproveSuggest: NO, Locked: true },
    GenerativeAI: { Enabled: NO, Locked: true },
    Homepage: { URL: start, Locked: true, StartPage: 'homepage-locked' },
    InstallAddonsPermission: { Default: NO },
    ManagedBookmarks: hosts.map((host) => ({ name: host, url: `https://${host}/` })),
    NetworkPrediction: NO,
    NewTabPage: NO,
    NoDefaultBookmarks: true,
    OfferToSaveLogins: NO,
    OverrideFirstRunPage: '',
    OverridePostUpdatePage: '',
    PasswordManagerEnabled: NO,
    PictureInPicture: { Enabled: NO, Locked: true },
    PrintingEnabled: NO,
    SearchSuggestEnabled: NO,
    SkipTermsOfUse: true,
    TranslateEnabled: NO,
    UserMessaging: {
      ExtensionRecommendations: NO,
      FeatureRecommendations: NO,
      FirefoxLabs: NO,
      MoreFromMozilla: NO,
      SkipOnboarding: true,
      UrlbarInterventions: NO,
      Locked: true,
    },
    WebsiteFilter: { Block: ['<all_urls>'], Exceptions: [start, ...hosts.map((host) => `https://${host}/*`)] },
  };
  return `${JSON.stringify({ policies }, null, 2)}\n`;
}

/** @param reachable whether there is a way to them at all. */
export function startPage(hosts: readonly string[], reachable: boolean): string {
  const links = hosts.map((host) => `<li><a href="https://${host}/">${host}</a></li>`).join('');
  const body = reachable
    ? `<p>These sites are open in this session:</p><ul>${links}</ul><p>A page that does not open is not part of them, or the machine of this session has no way to the internet.</p>`
    : '<p>This session has no way to the documentation.</p>';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Documentation</title>
<style>body{background:#14171c;color:#d8dce3;font:16px/1.6 "Liberation Sans",sans-serif;max-width:40em;margin:4em auto}a{color:#7fb3e6}</style>
<h1>Documentation</h1>${body}</html>
`;
}
