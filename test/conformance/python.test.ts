// The main path and the errors through the official Python clients, the newest (V3) and the legacy one
// (V1), each in a process of its own.
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { driveAll } from './driver-story.ts';
import { findPython, PYTHON_CLIENTS, skipOrFail } from './programs.ts';
import { recordSkip } from './record.ts';

const NAME = 'the official Python clients';
const DRIVER = fileURLToPath(new URL('driver.py', import.meta.url));
const python = findPython();
const skip =
  python === undefined &&
  skipOrFail(NAME, 'no Python clients: run test/conformance/setup-python.sh');

if (skip !== false) for (const id of Object.values(PYTHON_CLIENTS)) recordSkip(id, skip);

test(NAME, { skip, timeout: 110_000, concurrency: 2 }, async (t) => {
  const program = python ?? '';
  const { tea, legacy } = PYTHON_CLIENTS;
  await driveAll(t, [
    { id: tea, program, args: [DRIVER, 'tea'], wrongSecret: 'SignatureDoesNotMatch' },
    // It compares our string to sign with its own, and tells the secret to be wrong.
    { id: legacy, program, args: [DRIVER, 'legacy'], wrongSecret: 'InvalidAccessKeySecret' },
  ]);
});
