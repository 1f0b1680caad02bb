import { type Finish, type FinishName, FINISHES } from './finish.js';
import { laptop } from './laptop.js';
import { cameraBandPhone, homeButtonPhone } from './phones.js';

const SHAPES = { laptop, homeButtonPhone, cameraBandPhone } as const;

/** What a picture shows: the kind of product and the colour of its casing. */
export interface Design {
  readonly shape: keyof typeof SHAPES;
  readonly finish: FinishName;
}

/**
 * Draws a product as an SVG document of our own making: a generic shape without any logo, on a
 * light ground. The same design always gives the same bytes.
 */
export function drawPicture({ shape, finish }: Design): string {
  const colours = FINISHES[finish];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="800" height="800">
  ${paints(colours)}
  <rect width="400" height="400" fill="url(#ground)"/>
  <ellipse cx="200" cy="${shape === 'laptop' ? 328 : 360}" rx="176" ry="15" fill="url(#shadow)"/>
  ${SHAPES[shape](colours).trim()}
</svg>
`;
}

function paints({ light, base, dark }: Finish): string {
  return `<defs>
    <radialGradient id="ground" cx=".5" cy=".42" r=".75">
      <stop offset="0" stop-color="#ffffff"/><stop offset="1" stop-color="#e9ecf0"/>
    </radialGradient>
    <radialGradient id="shadow">
      <stop offset="0" stop-color="#1a1d22" stop-opacity=".38"/>
      <stop offset="1" stop-color="#1a1d22" stop-opacity="0"/>
    </radialGradient>
    <linearGradient id="casing" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="${light}"/><stop offset=".5" stop-color="${base}"/>
      <stop offset="1" stop-color="${dark}"/>
    </linearGradient>
    <linearGradient id="screen" x1="0" y1="0" x2=".6" y2="1">
      <stop offset="0" stop-color="#2b3f8f"/><stop offset=".5" stop-color="#7d5bb5"/>
      <stop offset="1" stop-color="#f09a7c"/>
    </linearGradient>
    <pattern id="facets" width="8" height="8" patternUnits="userSpaceOnUse">
      <path d="M0 8 L4 0 L8 8 Z" fill="#ffffff" fill-opacity=".09"/>
      <path d="M4 0 L8 8 L12 0 Z" fill="#000000" fill-opacity=".06"/>
    </pattern>
  </defs>`;
}
