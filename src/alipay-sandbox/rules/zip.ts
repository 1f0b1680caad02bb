import { crc32, deflateRawSync } from 'node:zlib';

interface ZipEntry {
  /** The name in the archive's own encoding. */
  name: Buffer;
  data: Buffer;
}

const VERSION = 20;
const DEFLATE = 8;
/** 1 January 1980, the first date a zip archive can hold: entries carry no time of their own. */
const DOS_DATE = 0x21;

/** Packs a zip archive (PKWARE APPNOTE: local headers, central directory, end record). */
export function packZip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const packed = deflateRawSync(data);
    const facts = sharedHeader(name, data, packed);
    const local = Buffer.concat([signature(0x04034b50), facts, name, packed]);
    directory.push(centralHeader(facts, name, offset));
    files.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...files, index, endRecord(entries.length, index.length, offset)]);
}

/** The 26 bytes that a local header and a central one have in common. */
function sharedHeader(name: Buffer, data: Buffer, packed: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(DEFLATE, 4);
  header.writeUInt16LE(DOS_DATE, 8);
  header.writeUInt32LE(crc32(data), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function centralHeader(shared: Buffer, name: Buffer, offset: number): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(VERSION);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, shared, rest, name]);
}

function endRecord(count: number, indexLength: number, indexOffset: number): Buffer {
  const record = Buffer.alloc(18);
  record.writeUInt16LE(count, 4);
  record.writeUInt16LE(count, 6);
  record.writeUInt32LE(indexLength, 8);
  record.writeUInt32LE(indexOffset, 12);
  return Buffer.concat([signature(0x06054b50), record]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
