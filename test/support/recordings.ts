import { FinishVoiceUpload, type NoteFieldsFragment, StartVoiceUpload } from '../../generated/documents.js';
import type { Person } from './person.js';

export { wav } from '../../infra/seed/wav.js';

/** An element of EBML; without a size, as what is written while it is recorded. */
function element(id: number, content: Buffer | null): Buffer {
  const idBytes = Buffer.from(
    id.toString(16).padStart(id > 0xffffff ? 8 : id > 0xffff ? 6 : id > 0xff ? 4 : 2, '0'),
    'hex',
  );
  if (content === null) return Buffer.concat([idBytes, Buffer.from('01ffffffffffffff', 'hex')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([idBytes, size, content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A recording in WebM as browsers make it: of unknown size, and without a length; a cluster a second, two blocks each. */
export function webm(seconds: number): Buffer {
  const head = element(0x1a45dfa3, element(0x4282, Buffer.from('webm')));
  const info = element(
    0x1549a966,
    Buffer.concat([element(0x2ad7b1, number(1_000_000)), element(0x4d80, Buffer.from('x'))]),
  );
  const entry = Buffer.concat([
    element(0xd7, Buffer.from([1])),
    element(0x83, Buffer.from([2])),
    element(0x86, Buffer.from('A_OPUS')),
  ]);
  const tracks = element(0x1654ae6b, element(0xae, entry));
  const block = (atMs: number) => {
    const time = Buffer.alloc(2);
    time.writeInt16BE(atMs);
    return element(0xa3, Buffer.concat([Buffer.from([0x81]), time, Buffer.from([0x80]), Buffer.alloc(60, 7)]));
  };
  const clusters = Array.from({ length: seconds }, (_, second) =>
    Buffer.concat([element(0x1f43b675, null), element(0xe7, number(second * 1_000)), block(0), block(980)]),
  );
  return Buffer.concat([head, element(0x18538067, null), info, tracks, ...clusters]);
}

/** Sends a recording that was announced. */
export function sendRecording(
  { url, headers }: { readonly url: string; readonly headers: readonly { name: string; value: string }[] },
  sound: Buffer,
): Promise<Response> {
  const given = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  return fetch(url, { method: 'PUT', headers: given, body: sound, signal: AbortSignal.timeout(120_000) });
}

/** A recording of somebody on Pro, from its announcement to its note. */
export async function record(
  person: Person,
  sound: Buffer,
  { seconds = 10, contentType = 'audio/wav' } = {},
): Promise<NoteFieldsFragment> {
  const input = { contentType, seconds, bytes: sound.length };
  const { startVoiceUpload } = await person.ok(StartVoiceUpload, { input });
  const { status } = await sendRecording(startVoiceUpload, sound);
  if (status !== 204) throw new Error(`Sending it answered ${status}.`);
  const { uploadId } = startVoiceUpload;
  return (await person.ok(FinishVoiceUpload, { input: { uploadId } })).finishVoiceUpload.note;
}
