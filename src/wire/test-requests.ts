// Requests and expectations for the tests of this room; nothing here runs in the server.
import assert from 'node:assert/strict';
import { ApiError, type ErrorCode } from '../errors.ts';
import { parseEnvelope, type Envelope } from './envelope.ts';
import { parseParameters } from './params.ts';
import type { Parameter, WireRequest } from './request.ts';
import { verifySignature } from './signature.ts';

/** Printed by fast-check when a property fails; give it back in KINDRED_TEST_SEED to repeat. */
export const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 2 ** 31);

export function requestOf(
  line: string,
  headers: Readonly<Record<string, string>> | ReadonlyArray<readonly [string, string]> = {},
  body: string | Uint8Array = '',
): WireRequest {
  const [method = '', target = ''] = line.split(' ');
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  return { method, target, rawHeaders: pairs.flat(), body: Buffer.from(body) };
}

export const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** All three stages, as the pipeline runs them. */
export function verify(request: WireRequest, secret = 'testsecret'): Envelope {
  const parameters = parseParameters(request);
  const envelope = parseEnvelope(request, parameters);
  assert.equal(verifySignature(request, parameters, envelope, secret), true);
  return envelope;
}

export const pairsOf = (values: Readonly<Record<string, string>>): Parameter[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, from: 'query' }));

/** Expects an ApiError of this code; returns it for a closer look. */
export function fails(act: () => unknown, code: ErrorCode): ApiError {
  let caught: unknown;
  try {
    act();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof ApiError, `expected ${code}, got ${String(caught)}`);
  assert.equal(caught.code, code, caught.message);
  return caught;
}
