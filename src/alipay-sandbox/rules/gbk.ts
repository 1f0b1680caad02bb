/** Writes text in GBK, the encoding of Alipay's bills. What GBK lacks becomes a question mark. */
export function encodeGbk(text: string): Buffer {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes.push(point);
    else bytes.push(...(table().get(character) ?? [0x3f]));
  }
  return Buffer.from(bytes);
}

let cached: Map<string, [number, number]> | undefined;

/** Node can read GBK but not write it, so the table is made by reading every two-byte code once. */
function table(): Map<string, [number, number]> {
  if (cached) return cached;
  const decoder = new TextDecoder('gbk');
  cached = new Map();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      const known = isOneCharacter(character) && character !== '\ufffd';
      if (known && !cached.has(character)) cached.set(character, [lead, trail]);
    }
  }
  return cached;
}

function isOneCharacter(text: string): boolean {
  return Array.from(text).length === 1;
}
