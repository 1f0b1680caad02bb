import { randomInt } from 'node:crypto';
import svgCaptcha, { type ConfigObject } from 'svg-captcha';

/** Capitals and digits that nobody takes for one another. */
const ALPHABET = 'ACDEFHJKLMNPQRTUWXY3479';
const LENGTH = 4;
/** Dark on nothing, so that it can be read on any light page. */
const LOOK: ConfigObject = { width: 120, height: 40, fontSize: 44, noise: 2 };

/** The package itself is a function that draws a given text; its types know only the rest of it. */
const draw = svgCaptcha as unknown as (text: string, options: ConfigObject) => string;

/** A text to be read off an image. Drawn by lot here: the package's own lot can be predicted. */
export function randomText(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** The image of a text, as SVG: paths only, nothing that could be read as text. */
export function imageOf(text: string): string {
  return draw(text, LOOK);
}
