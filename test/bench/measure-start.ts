// Process start to first answer, Kindred beside a bare node:http server, in turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, startChild } from './process.ts';

const ROUNDS = 15;

/** Milliseconds from spawn to the first answer (whatever it says). */
const firstAnswerMs = async (args: readonly string[]): Promise<number> => {
  const startedAt = performance.now();
  const child = await startChild(args);
  const response = await fetch(`http://127.0.0.1:${child.port}/?Action=DescribeRegions`);
  await response.arrayBuffer();
  const elapsed = performance.now() - startedAt;
  await child.stop();
  return elapsed;
};

export const measureStart = async (log: (text: string) => void): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-bench-start-'));
  const kindredArgs = ['test/bench/kindred.js', 'serve', '--listen=127.0.0.1:0', `--data=${dataDir}`];
  try {
    await firstAnswerMs(kindredArgs);
    const bare: number[] = [];
    const kindred: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await firstAnswerMs(['test/bench/bare-server.ts']));
      kindred.push(await firstAnswerMs(kindredArgs));
    }
    const ratio = median(kindred.map((value, i) => value / bare[i]!));
    log(
      `start to first answer: ${median(kindred).toFixed(0)} ms against ${median(bare).toFixed(0)} ms bare: ratio ${ratio.toFixed(2)}`,
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};
