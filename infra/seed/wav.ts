/** Samples a second: as few as there can be, so that minutes are small. */
const rate = 8_000;

/** A recording in WAV, of 8 bits: a tone, whose bytes differ by its pitch. `claimed` is the length that its header says. */
export function wav(seconds: number, { pitch = 440, claimed = seconds } = {}): Buffer {
  const samples = Math.round(seconds * rate);
  const data = Buffer.alloc(samples);
  for (let index = 0; index < samples; index += 1)
    data[index] = 128 + Math.round(100 * Math.sin((2 * Math.PI * pitch * index) / rate));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + claimed * rate, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(claimed * rate, 40);
  return Buffer.concat([header, data]);
}
