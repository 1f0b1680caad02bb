import type { Finish } from './finish.js';

/** A phone with a round home button and two lenses side by side, from behind and in front. */
export function homeButtonPhone({ dark, face }: Finish): string {
  return `
  <g transform="rotate(-7 140 205)">
    <rect x="66" y="62" width="146" height="290" rx="26" fill="url(#casing)" stroke="${dark}"
      stroke-width="2"/>
    <rect x="69" y="65" width="140" height="284" rx="23" fill="none" stroke="#fff"
      stroke-opacity=".45"/>
    <rect x="80" y="77" width="56" height="26" rx="13" fill="${dark}" fill-opacity=".5"/>
    ${lens(93, 90, 9.5)}
    ${lens(123, 90, 9.5)}
    <circle cx="148" cy="90" r="4" fill="#fff8e0" stroke="${dark}" stroke-opacity=".6"/>
    <path d="M66 318 L212 150 V326 q0 26 -26 26 H92 q-26 0 -26 -26 Z" fill="#fff"
      fill-opacity=".1"/>
  </g>
  <g transform="rotate(4 262 205)">
    <rect x="188" y="58" width="146" height="292" rx="26" fill="url(#casing)" stroke="${dark}"
      stroke-width="2"/>
    <rect x="192" y="62" width="138" height="284" rx="22" fill="${face}"/>
    ${screen(199, 96, 124, 208)}
    <rect x="246" y="78" width="30" height="4.5" rx="2.2" fill="#6b7078"/>
    <circle cx="236" cy="80" r="2.6" fill="#4a4f57"/>
    <circle cx="261" cy="325" r="13.5" fill="${face}" stroke="${dark}" stroke-width="2"/>
  </g>`;
}

/** A phone with a glass band for its cameras and a flat fingerprint key, behind and in front. */
export function cameraBandPhone({ dark, face }: Finish): string {
  return `
  <g transform="rotate(-7 140 205)">
    <rect x="68" y="60" width="144" height="292" rx="20" fill="url(#casing)" stroke="${dark}"
      stroke-width="2"/>
    <rect x="68" y="60" width="144" height="292" rx="20" fill="url(#facets)"/>
    <path d="M69 112 V80 q0 -19 19 -19 H192 q19 0 19 19 V112 Z" fill="#101114"
      fill-opacity=".82"/>
    <path d="M69 112 H211" stroke="#fff" stroke-opacity=".5"/>
    ${lens(98, 87, 10.5)}
    ${lens(130, 87, 10.5)}
    <circle cx="156" cy="80" r="4" fill="#fff3cf"/>
    <circle cx="156" cy="94" r="2.4" fill="#3c4148"/>
    <path d="M69 328 H211" stroke="${dark}" stroke-width="2.5" stroke-opacity=".55"/>
    <path d="M68 312 L212 156 V332 q0 20 -20 20 H88 q-20 0 -20 -20 Z" fill="#fff"
      fill-opacity=".1"/>
  </g>
  <g transform="rotate(4 262 205)">
    <rect x="190" y="56" width="144" height="294" rx="20" fill="url(#casing)" stroke="${dark}"
      stroke-width="2"/>
    <rect x="193" y="59" width="138" height="288" rx="17" fill="${face}"/>
    ${screen(197, 86, 130, 222)}
    <rect x="247" y="70" width="30" height="4" rx="2" fill="#6b7078"/>
    <circle cx="222" cy="72" r="3.2" fill="#4a4f57"/>
    <rect x="244" y="320" width="36" height="14" rx="7" fill="${face}" stroke="${dark}"
      stroke-width="1.6"/>
  </g>`;
}

function lens(x: number, y: number, radius: number): string {
  return (
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="#0b0c0e" stroke="#8d939b"/>` +
    `<circle cx="${x}" cy="${y}" r="${radius * 0.55}" fill="#1e3350"/>` +
    `<circle cx="${x - 2.5}" cy="${y - 2.5}" r="${radius * 0.2}" fill="#fff" fill-opacity=".8"/>`
  );
}

/** A lit screen: soft hills, a clock, and a row of tiles along the lower edge. */
function screen(x: number, y: number, width: number, height: number): string {
  const tile = (width - 50) / 4;
  const tiles = ['#57c4a6', '#f5b83d', '#ef6f63', '#6f8df2'].map(
    (colour, i) =>
      `<rect x="${x + 10 + i * (tile + 10)}" y="${y + height - tile - 10}" ` +
      `width="${tile}" height="${tile}" rx="5" fill="${colour}"/>`,
  );
  const middle = x + width / 2;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" fill="url(#screen)"/>
    <path d="M${x} ${y + height * 0.62} q${width * 0.28} -46 ${width * 0.55} -8
      t${width * 0.45} -20 V${y + height} H${x} Z" fill="#fff" fill-opacity=".16"/>
    <path d="M${x} ${y + height * 0.75} q${width * 0.3} -30 ${width * 0.6} 0 t${width * 0.4} -6
      V${y + height} H${x} Z" fill="#fff" fill-opacity=".18"/>
    <rect x="${middle - 27}" y="${y + 30}" width="24" height="26" rx="5" fill="#fff"
      fill-opacity=".85"/>
    <rect x="${middle + 3}" y="${y + 30}" width="24" height="26" rx="5" fill="#fff"
      fill-opacity=".85"/>
    <rect x="${middle - 20}" y="${y + 64}" width="40" height="4" rx="2" fill="#fff"
      fill-opacity=".7"/>
    ${tiles.join('\n    ')}`;
}
