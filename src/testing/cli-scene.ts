// A server for tests of commands, and the same commands on the data directory that it leaves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { captureIo } from '../cli/captured-io.ts';
import { runCommand } from '../cli/main.ts';
import { readServeConfig } from '../server/config.ts';
import { startServing } from '../server/serve.ts';

/** `run` asks the server, and after `stop` opens the data directory itself. `flags` are further ones of serve. */
export const openCliScene = async (t: TestContext, ...flags: string[]) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-cli-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const data = join(root, 'data');
  const usual = ['--listen=127.0.0.1:0', `--data=${data}`, '--log-level=silent'];
  const serving = await startServing(readServeConfig([...usual, ...flags], {}));
  let isRunning = true;
  const stop = async () => {
    if (isRunning) await serving.stop();
    isRunning = false;
  };
  t.after(stop);
  const run = async (...words: string[]) => {
    const online = { KINDRED_DATA: data, ALIBABA_CLOUD_ENDPOINT: serving.url };
    const offline = { KINDRED_LISTEN: '127.0.0.1:2' };
    const io = captureIo({ environment: isRunning ? online : offline });
    const exitCode = await runCommand(isRunning ? words : [...words, '--data', data], io);
    return { exitCode, stdout: io.stdout, stderr: io.stderr };
  };
  return { root, data, url: serving.url, run, stop };
};
