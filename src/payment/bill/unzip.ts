import { crc32, inflateRawSync } from 'node:zlib';

const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** The archive is not one this reader can read; the message says why. */
export class ZipError extends Error {}

/**
 * Unpacks the first file of a zip archive whose name is wanted, and no other; undefined without one
 * (PKWARE APPNOTE 4.3: end record, central directory, local headers). Names are bytes: archives do
 * not say which encoding they are in. Bills need no more than stored and deflated files below 4 GiB.
 * The file may unpack to `maxBytes`. Throws ZipError.
 */
export function unzip(
  archive: Buffer,
  maxBytes: number,
  wanted: (name: Buffer) => boolean,
): Buffer | undefined {
  try {
    const entry = findEntry(archive, wanted);
    return entry === undefined ? undefined : readFile(archive, entry, maxBytes);
  } catch (error) {
    throw error instanceof ZipError
      ? error
      : new ZipError('the archive is damaged', { cause: error });
  }
}

/** Where the central directory tells of the file. */
function findEntry(archive: Buffer, wanted: (name: Buffer) => boolean): number | undefined {
  const end = archive.lastIndexOf(signatureBytes(END_RECORD));
  if (end < 0 || end + END_RECORD_BYTES > archive.length) {
    throw new ZipError('there is no end record: this is no zip archive');
  }
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) {
      throw new ZipError('the central directory is damaged');
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) =>
      archive.readUInt16LE(at + offset),
    ) as [number, number, number];
    const name = at + CENTRAL_BYTES;
    if (wanted(archive.subarray(name, name + nameBytes))) {
      return at;
    }
    at = name + nameBytes + extraBytes + commentBytes;
  }
  return undefined;
}

function readFile(archive: Buffer, central: number, maxBytes: number): Buffer {
  const method = archive.readUInt16LE(central + 10);
  const crc = archive.readUInt32LE(central + 16);
  const packedBytes = archive.readUInt32LE(central + 20);
  const bytes = archive.readUInt32LE(central + 24);
  const local = archive.readUInt32LE(central + 42);
  if (bytes > maxBytes) {
    throw new ZipError(`the file is larger than ${maxBytes} bytes`);
  }
  if (archive.readUInt32LE(local) !== LOCAL) {
    throw new ZipError('a file is not where the directory says');
  }
  const start =
    local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  const data = unpack(method, packed, bytes);
  if (data.length !== bytes || crc32(data) !== crc) {
    throw new ZipError('a file is damaged');
  }
  return data;
}

function unpack(method: number, packed: Buffer, maxBytes: number): Buffer {
  switch (method) {
    case STORED:
      return packed;
    case DEFLATED:
      // Zero would mean "no limit".
      return inflateRawSync(packed, { maxOutputLength: Math.max(1, maxBytes) });
    default:
      throw new ZipError(`packing method ${method} is not known`);
  }
}

function signatureBytes(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
