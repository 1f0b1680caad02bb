import type { Finish } from './finish.js';

const KEY_ROWS = [
  { y: 261, left: 88, right: 312, keys: 14 },
  { y: 269, left: 84, right: 316, keys: 14 },
  { y: 277, left: 80, right: 320, keys: 13 },
  { y: 285, left: 76, right: 324, keys: 12 },
];
const KEY_GAP = 3;

/** An open laptop seen from the front: screen, keyboard in perspective, touch pad. */
export function laptop({ dark }: Finish): string {
  return `
  <rect x="72" y="70" width="256" height="178" rx="11" fill="url(#casing)" stroke="${dark}"
    stroke-width="1"/>
  <rect x="76" y="74" width="248" height="169" rx="8" fill="#121316"/>
  <rect x="84" y="84" width="232" height="146" rx="2" fill="url(#screen)"/>
  <path d="M84 196 L136 150 L176 184 L222 132 L316 214 V228 q0 2 -2 2 H86 q-2 0 -2 -2 Z"
    fill="#fff" fill-opacity=".16"/>
  <path d="M84 212 L150 178 L206 214 L262 184 L316 220 V228 q0 2 -2 2 H86 q-2 0 -2 -2 Z"
    fill="#fff" fill-opacity=".2"/>
  <circle cx="256" cy="120" r="15" fill="#fff" fill-opacity=".55"/>
  <circle cx="200" cy="79" r="1.4" fill="#4a5058"/>
  <rect x="96" y="246" width="208" height="6" rx="2" fill="${dark}"/>
  <path d="M72 250 H328 L364 314 H36 Z" fill="url(#casing)"/>
  <path d="M86 257 H314 L328 293 H72 Z" fill="#1b1d20"/>
  ${KEY_ROWS.map(keyRow).join('\n  ')}
  <path d="M160 297 H240 L245 311 H155 Z" fill="${dark}" fill-opacity=".22" stroke="${dark}"
    stroke-opacity=".5"/>
  <path d="M36 314 H364 q0 10 -14 10 H50 q-14 0 -14 -10 Z" fill="${dark}"/>
  <path d="M174 314 H226 q-1 4 -7 4 H181 q-6 0 -7 -4 Z" fill="#000" fill-opacity=".25"/>
  <path d="M316 84 L236 230 H314 q2 0 2 -2 Z" fill="#fff" fill-opacity=".06"/>`;
}

function keyRow({ y, left, right, keys }: (typeof KEY_ROWS)[number]): string {
  const pitch = (right - left + KEY_GAP) / keys;
  const shapes = Array.from({ length: keys }, (_, i) => {
    const x = (left + i * pitch).toFixed(1);
    return `M${x} ${y} h${(pitch - KEY_GAP).toFixed(1)} v5.6 h-${(pitch - KEY_GAP).toFixed(1)} Z`;
  });
  return `<path d="${shapes.join(' ')}" fill="#3a3d42"/>`;
}
