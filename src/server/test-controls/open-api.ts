// The controls as an OpenAPI document: what `GET /_test` answers, and the page in the reference.
import { TASK_JOB_KINDS } from '../../domain/job.ts';
import { FAULT_KINDS } from './fault.ts';
import { SIGNATURE_MODES } from './signature-mode.ts';

const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});
const string = (description: string, more: object = {}) => ({
  type: 'string',
  description,
  ...more,
});
const integer = (description: string) => ({ type: 'integer', description });
const boolean = (description: string) => ({ type: 'boolean', description });

const WORLD = {
  name: 'World',
  in: 'query',
  description: 'Id of the world that is meant; the main one without it.',
  schema: { type: 'string' },
};
const NAME = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };

const call = (
  summary: string,
  {
    body,
    status = 200,
    parameters = [WORLD],
  }: { body?: object; status?: number; parameters?: object[] } = {},
) => ({
  summary,
  parameters,
  ...(body && { requestBody: { content: { 'application/json': { schema: body } } } }),
  responses: {
    [status]: { description: status === 204 ? 'Done.' : 'JSON.' },
    400: { description: 'What was asked cannot be done: `{Code, Message}`.' },
    403: { description: 'Neither on the loopback nor with the token.' },
  },
});

const FAULT = object(
  {
    Operation: string('Name of the operation, `VpcCreateVpc` where two products have it; or `*`.'),
    Kind: string('What happens.', { enum: FAULT_KINDS }),
    Times: integer('Calls that meet it; 1 by default. Then it is gone.'),
    RegionId: string('Only calls about this region.'),
    AccessKeyId: string('Only calls of this key.'),
    Code: string('error: the code of the answer, one of the catalogue. fail-task: of the task.'),
    Message: string('error, fail-task: the message; by default the catalogue’s.'),
    RetryAfter: integer('error: milliseconds, sent as x-acs-retry-after.'),
    Delay: integer('delay: milliseconds between the work and its answer.'),
    When: string('drop: before the call does anything, or after its work (the default).', {
      enum: ['before', 'after'],
    }),
    Progress: integer(`fail-task: percent shown at the end; for ${TASK_JOB_KINDS.join(', ')}.`),
  },
  ['Operation', 'Kind'],
);

const NEW_WORLD = object({
  RandomSeed: integer('Ids and keys are drawn from it and repeat from one run to the next.'),
  HoldJobs: boolean('Jobs run only during /_test/idle and /_test/clock/advance.'),
  AccessKeyId: string('Root key of the world; drawn without it.'),
  AccessKeySecret: string('Its secret.'),
});

const CLOCK = object({
  Now: string('The wall clock from here on.', { format: 'date-time' }),
  Frozen: boolean('Whether the wall clock stands still.'),
  Signatures: string('What timestamps of signatures are held against.', { enum: SIGNATURE_MODES }),
});

export const openApi = () => ({
  openapi: '3.1.0',
  info: {
    title: 'Kindred: test controls',
    version: '1',
    description:
      'Open with --test-controls, on the loopback without a token, elsewhere with `Authorization: Bearer` and the token of --test-controls-token.',
  },
  paths: {
    '/_test/worlds': {
      get: call('The worlds that are open.', { parameters: [] }),
      post: call('A fresh world: its own rows, bytes, clock, faults and key.', {
        body: NEW_WORLD,
        status: 201,
        parameters: [],
      }),
    },
    '/_test/worlds/{name}': {
      delete: call('Drops a world.', { status: 204, parameters: [NAME] }),
    },
    '/_test/clock': {
      get: call('The wall clock.'),
      put: call('Sets, freezes or frees the wall clock.', { body: CLOCK }),
    },
    '/_test/clock/advance': {
      post: call('Moves the wall clock on; answers when everything due has been done.', {
        body: object({ Milliseconds: integer('How far.') }, ['Milliseconds']),
      }),
    },
    '/_test/idle': { post: call('Answers when no work is left.') },
    '/_test/reset': { post: call('As new; the root key stays.') },
    '/_test/seed': {
      get: call('The state as a seed, a file for `kindred seed apply`.'),
      post: call('Makes accounts and images as a seed says.', {
        body: { $ref: 'seed.schema.json' },
      }),
    },
    '/_test/snapshots': { get: call('Names of the kept states.') },
    '/_test/snapshots/{name}': {
      put: call('Keeps the state under a name.', { status: 204, parameters: [NAME, WORLD] }),
    },
    '/_test/snapshots/{name}/restore': {
      post: call('Goes back to a kept state.', { status: 204, parameters: [NAME, WORLD] }),
    },
    '/_test/calls': {
      get: call('The calls so far, each with the parameters that were read and ignored.'),
      delete: call('Forgets them.', { status: 204 }),
    },
    '/_test/faults': {
      get: call('The faults that wait.'),
      post: call('Adds a fault.', { body: FAULT, status: 201 }),
      delete: call('Removes all faults.', { status: 204 }),
    },
  },
});
