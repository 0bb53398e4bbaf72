import type { ITheme } from '@xterm/xterm';

/** Colours of the terminal, which are a matter of taste and eyes, not of the page's theme. */
const dark: ITheme = {
  background: '#10141b',
  foreground: '#d9e0ea',
  cursor: '#d9e0ea',
  cursorAccent: '#10141b',
  selectionBackground: '#31477d',
  scrollbarSliderBackground: '#93a0b43d',
  scrollbarSliderHoverBackground: '#93a0b466',
  black: '#232a36',
  red: '#ff8c84',
  green: '#7bd88f',
  yellow: '#f3c072',
  blue: '#8fb1ff',
  magenta: '#d8a6ff',
  cyan: '#79d4e0',
  white: '#d9e0ea',
  brightBlack: '#93a0b4',
  brightRed: '#ffb3ad',
  brightGreen: '#a5ecb4',
  brightYellow: '#ffd9a0',
  brightBlue: '#b9ceff',
  brightMagenta: '#e8cbff',
  brightCyan: '#a8ecf4',
  brightWhite: '#ffffff',
};

const light: ITheme = {
  background: '#fbfbf8',
  foreground: '#1b2330',
  cursor: '#1b2330',
  cursorAccent: '#fbfbf8',
  selectionBackground: '#bcd0fb',
  scrollbarSliderBackground: '#525b6a3d',
  scrollbarSliderHoverBackground: '#525b6a66',
  black: '#1b2330',
  red: '#ae231c',
  green: '#13683a',
  yellow: '#7f4d00',
  blue: '#2450c8',
  magenta: '#7b2fa8',
  cyan: '#0b6474',
  white: '#5b6472',
  brightBlack: '#525b6a',
  brightRed: '#c4372f',
  brightGreen: '#1b7f49',
  brightYellow: '#946011',
  brightBlue: '#3a65d9',
  brightMagenta: '#9143bf',
  brightCyan: '#1b7786',
  brightWhite: '#141922',
};

const contrast: ITheme = {
  ...dark,
  background: '#000000',
  foreground: '#ffffff',
  cursor: '#ffe14d',
  cursorAccent: '#000000',
  selectionBackground: '#0050c8',
  selectionForeground: '#ffffff',
  black: '#000000',
  white: '#ffffff',
  brightBlack: '#c8c8c8',
};

export const THEMES = { dark, light, contrast };
export type ThemeName = keyof typeof THEMES;
