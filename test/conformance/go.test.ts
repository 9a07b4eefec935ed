// The main path and the errors through the official Go clients, the current one (V3) and the legacy one
// (V1), on which Terraform, Packer and the aliyun CLI are built.
import { test } from 'node:test';
import { driveAll } from './driver-story.ts';
import { findGoDriver, GO_CLIENTS, skipOrFail } from './programs.ts';
import { recordSkip } from './record.ts';

const NAME = 'the official Go clients';
const driver = findGoDriver();
const skip =
  driver === undefined &&
  skipOrFail(NAME, 'no driver of these sources: run test/conformance/setup-go.sh');

if (skip !== false) for (const id of Object.values(GO_CLIENTS)) recordSkip(id, skip);

test(NAME, { skip, timeout: 110_000, concurrency: 2 }, async (t) => {
  const program = driver ?? '';
  const wrongSecret = 'SignatureDoesNotMatch';
  const { tea, legacy } = GO_CLIENTS;
  await driveAll(t, [
    { id: tea, program, args: ['tea'], wrongSecret },
    { id: legacy, program, args: ['legacy'], wrongSecret },
  ]);
});
