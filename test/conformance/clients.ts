// The official, unmodified clients, each as one function: an action and its parameters under wire names
// in, the answer as the client's own model parsed it out, under wire names again. Nothing here repairs
// what a client sends or reads.
import { createRequire, enableCompileCache } from 'node:module';
import { signedRequest } from '../../src/testing/sign.ts';
import { flatten, type Given, type Input, type ModelClass, type TypeNote } from '../wire/corpus.ts';
import type { ClientId } from './record.ts';
import { parseXml, type XmlNode } from './xml.ts';

export interface Target {
  url: string;
  host: string;
  port: number;
  accessKeyId: string;
  accessKeySecret: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers as the clients' models parsed them
export type Answer = any;
export type Call = (action: string, input: Input) => Promise<Answer>;

export interface Client {
  name: string;
  /** Absent for what is no client of theirs. */
  id?: ClientId;
  connect(target: Target): Call;
}

// The newest SDK has 4,000 files, most of the time of a run.
enableCompileCache();
const require = createRequire(import.meta.url);
export const API_VERSION = '2014-05-26';
export const NEWEST = '@alicloud/ecs20140526';

type Model = ModelClass & { prototype: { toMap(): Record<string, unknown> } };
type Method = (request: unknown) => Promise<{ body?: Answer; toMap?(): Answer }>;
interface Sdk {
  readonly default: new (config: object) => Record<string, Method | undefined>;
  readonly models: Record<string, Model | undefined>;
}

const load = (sdk: string): Sdk => {
  const models = require(sdk) as Record<string, Model | undefined> & Pick<Sdk, 'default'>;
  return { default: models.default, models };
};

/** Fills the model, member by member; a member that the model lacks is a mistake of the test. */
const shape = (note: TypeNote, given: Given): unknown => {
  if (typeof note === 'string' || typeof given !== 'object') return given;
  if (Array.isArray(given)) {
    const { itemType } = note as { itemType: TypeNote };
    return given.map((item: Given) => shape(itemType, item));
  }
  const model = note as ModelClass;
  const own = Object.entries(model.names());
  const members = Object.entries(given).map(([wireName, value]) => {
    const found = own.find(([, name]) => name.toLowerCase() === wireName.toLowerCase());
    if (found === undefined) throw new Error(`the model has no member ${wireName}`);
    return [found[0], shape(model.types()[found[0]] ?? 'string', value)];
  });
  return new model(Object.fromEntries(members));
};

const generated = (name: string, id: ClientId, sdk: string, settings: object = {}): Client => ({
  name,
  id,
  connect({ host, port, accessKeyId, accessKeySecret }) {
    const { default: Sdk, models } = load(sdk);
    const client = new Sdk({
      accessKeyId,
      accessKeySecret,
      endpoint: `${host}:${port}`,
      protocol: 'http',
      regionId: 'cn-hangzhou',
      type: 'access_key',
      // The default of 3 s is short for a busy machine.
      readTimeout: 30_000,
      ...settings,
    });
    return async (action, input) => {
      const method = client[action.charAt(0).toLowerCase() + action.slice(1)];
      const request = models[`${action}Request`];
      if (!method || !request) throw new Error(`${sdk} has no ${action}`);
      const answer = await method.call(client, shape(request, input));
      // The newer SDKs wrap the body, the 1.x one answers with it.
      return (answer.body ?? answer).toMap();
    };
  },
});

type PopCore = new (config: object) => {
  request(action: string, parameters: object, options: object): Promise<Answer>;
};

const popCoreCalls =
  (sdk: string, method: 'GET' | 'POST', apiVersion: string): Client['connect'] =>
  ({ url, accessKeyId, accessKeySecret }) => {
    const { RPCClient } = require(sdk) as { RPCClient: PopCore };
    const client = new RPCClient({ accessKeyId, accessKeySecret, endpoint: url, apiVersion });
    return async (action, input) => {
      const answer = await client.request(action, Object.fromEntries(flatten(input)), { method });
      // Its JSON parser makes objects without a prototype.
      return JSON.parse(JSON.stringify(answer));
    };
  };

const popCore = (name: string, id: ClientId, sdk: string, method: 'GET' | 'POST'): Client => ({
  name,
  id,
  connect: popCoreCalls(sdk, method, API_VERSION),
});

/** The type of an action's answer in the newest SDK. */
const answerModel = (action: string): ModelClass => {
  const model = load(NEWEST).models[`${action}ResponseBody`];
  if (model === undefined) throw new Error(`${NEWEST} has no answer for ${action}`);
  return model;
};

/** Gives an XML element the type that the newest SDK gives the member of the same name. */
const typed = (note: TypeNote, nodes: readonly XmlNode[]): unknown => {
  const [node] = nodes;
  if (typeof note === 'object') return nodes.map((item) => typed(note.itemType, [item]));
  if (typeof note === 'function') {
    const members = Object.entries(note.types()).flatMap(([property, inner]) => {
      const wireName = note.names()[property] ?? property;
      const found = node?.children.filter((child) => child.name === wireName) ?? [];
      const isAbsent = found.length === 0 && typeof inner !== 'object';
      return isAbsent ? [] : [[wireName, typed(inner, found)]];
    });
    return Object.fromEntries(members);
  }
  const text = node?.text ?? '';
  return note === 'number' ? Number(text) : note === 'boolean' ? text === 'true' : text;
};

export const getSigned = (target: Target, action: string, input: Input, format: 'JSON' | 'XML') => {
  const request = signedRequest(Object.fromEntries(flatten(input)), {
    ...target,
    action,
    version: API_VERSION,
    nowMs: Date.now(),
    format,
  });
  return fetch(`${target.url}${request.target}`);
};

/** No official client of Node asks for XML: a hand-signed GET, typed by the newest SDK's models. */
const byXml: Client = {
  name: 'XML, hand-signed',
  connect: (target) => async (action, input) => {
    const response = await getSigned(target, action, input, 'XML');
    const root = parseXml(await response.text());
    if (root.name !== `${action}Response`) throw new Error(`${action}: ${JSON.stringify(root)}`);
    return typed(answerModel(action), [root]);
  },
};

const ECS_7_ID: ClientId = { client: 'Node SDK', version: '7.11.6' };
const ECS_3_ID: ClientId = { client: 'Node SDK 3.x', version: '3.0.13' };
const ECS_1_ID: ClientId = { client: 'Node SDK 1.x', version: '1.1.0' };
export const POP_CORE_ID: ClientId = { client: 'pop-core', version: '1.8.0' };
const OLD_POP_CORE_ID: ClientId = { client: 'pop-core 1.3', version: '1.3.3' };

export const NEWEST_V3 = generated('ecs 7.11.6, V3', ECS_7_ID, NEWEST);
export const NEWEST_V1 = generated('ecs 7.11.6, V1', ECS_7_ID, NEWEST, {
  signatureAlgorithm: 'v2',
});
export const POP_CORE_GET = popCore(
  'pop-core 1.8.0, GET',
  POP_CORE_ID,
  '@alicloud/pop-core',
  'GET',
);
/** Calls of another product than ECS, by its version; this client knows no products. */
export const popCoreOf = (apiVersion: string) =>
  popCoreCalls('@alicloud/pop-core', 'POST', apiVersion);
export const ECS_1 = generated('ecs 1.1.0', ECS_1_ID, 'alicloud-ecs-v1');
export const ECS_3 = generated('ecs 3.0.13', ECS_3_ID, 'alicloud-ecs-v3');

export const CLIENTS: readonly Client[] = [
  NEWEST_V3,
  NEWEST_V1,
  generated('ecs 7.11.6, V3 with SM3', ECS_7_ID, NEWEST, { signatureAlgorithm: 'ACS3-HMAC-SM3' }),
  ECS_1,
  ECS_3,
  POP_CORE_GET,
  popCore('pop-core 1.8.0, POST', POP_CORE_ID, '@alicloud/pop-core', 'POST'),
  popCore('pop-core 1.3.3, GET', OLD_POP_CORE_ID, 'alicloud-pop-core-old', 'GET'),
  byXml,
];
