/** The colours of one casing, as hexadecimal RGB. */
export interface Finish {
  /** Where light falls, the colour itself, and where it lies in shadow. */
  readonly light: string;
  readonly base: string;
  readonly dark: string;
  /** The frame around the screen. */
  readonly face: string;
}

const WHITE_FACE = '#fbfbfa';
const BLACK_FACE = '#17181b';

export const FINISHES = {
  silver: { light: '#fafbfc', base: '#dfe2e6', dark: '#a3a9b1', face: WHITE_FACE },
  spaceGrey: { light: '#83878d', base: '#595d63', dark: '#2f3236', face: BLACK_FACE },
  gold: { light: '#fbeedd', base: '#ecd2b4', dark: '#b8936a', face: WHITE_FACE },
  dazzlingGold: { light: '#f9e6b8', base: '#e0bd78', dark: '#9d7632', face: WHITE_FACE },
  dazzlingBlue: { light: '#6fa3dc', base: '#2f68ab', dark: '#173a66', face: BLACK_FACE },
  roseGold: { light: '#fbe0da', base: '#ecb9ad', dark: '#b3766a', face: WHITE_FACE },
  black: { light: '#4b4e54', base: '#232529', dark: '#0a0b0c', face: BLACK_FACE },
} as const satisfies Record<string, Finish>;

export type FinishName = keyof typeof FINISHES;
