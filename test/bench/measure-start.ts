// Process start to first answer, Kindred beside a bare node:http server, in turn. The first answer of
// Kindred is a real one: a signed DescribeImageFromFamily, verified, looked up, answered with 200.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoad } from './load.ts';
import { presign } from './presign.ts';
import { median, startBare, startKindred, type Child } from './process.ts';

const ROUNDS = 15;

interface Key {
  accessKeyId: string;
  accessKeySecret: string;
}

/** Milliseconds from spawn to the first answer. */
const firstAnswerMs = async (start: () => Promise<Child>, key: Key): Promise<number> => {
  const common = { scheme: 'V1' as const, regionId: 'cn-hangzhou', families: ['web'], count: 1 };
  const request = presign({ ...common, ...key, host: '127.0.0.1' });
  const startedAt = performance.now();
  const child = await start();
  const { failed, sample } = await runLoad(child.port, request, 1);
  const elapsed = performance.now() - startedAt;
  await child.stop();
  if (failed > 0) throw new Error(`the first answer was an error: ${sample}`);
  return elapsed;
};

export const measureStart = async (log: (text: string) => void): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-bench-start-'));
  try {
    await (await startKindred(dataDir)).stop();
    const key = JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as Key;
    const bare: number[] = [];
    const kindred: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await firstAnswerMs(startBare, key));
      kindred.push(await firstAnswerMs(() => startKindred(dataDir), key));
    }
    const ratio = median(kindred.map((value, i) => value / bare[i]!));
    log(
      `start to first answer: ${median(kindred).toFixed(0)} ms against ${median(bare).toFixed(0)} ms bare: ratio ${ratio.toFixed(2)}`,
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};
