// The corpus: every mode of every official client signs every operation, `rounds` times, with
// parameters from the seed. Nonces and times are the clients' own, so nothing grows stale.
import { inputFor, operations } from './corpus.ts';
import { startRecorder } from './loopback-recorder.ts';
import { modes, signerOf, type Signed } from './official-signers.ts';
import { seeded } from './seeded.ts';

export const signCorpus = async (seed: number, rounds: number): Promise<Signed[]> => {
  await using recorder = await startRecorder();
  const random = seeded(seed);
  const corpus: Signed[] = [];
  for (const mode of modes) {
    const sign = signerOf(mode, recorder);
    for (let round = 0; round < rounds; round += 1) {
      for (const operation of operations) {
        corpus.push(await sign(operation, inputFor(operation, random)));
      }
    }
  }
  return corpus;
};
