// The official, unmodified clients as an oracle: each mode below takes an operation and its
// parameters, lets the client itself build, sign and send the request to a loopback recorder, and
// returns the bytes. Nothing here computes a signature, and nothing may: that is the point.
import { createRequire } from 'node:module';
import type { WireRequest } from '../../src/wire/request.ts';
import { flatten, modelOf, type Given, type Input, type ModelClass } from './corpus.ts';
import type { Operation, Pair } from './corpus.ts';
import type { Recorder } from './loopback-recorder.ts';

export interface Signed {
  readonly mode: string;
  readonly scheme: 'V1' | 'V3';
  readonly operation: Operation;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly securityToken: string | undefined;
  /** What the client was given and should arrive as parameters. */
  readonly business: readonly Pair[];
  readonly request: WireRequest;
}

/** Makes the client send; tells which parameters should arrive. */
type Send = (operation: Operation, input: Input) => Promise<readonly Pair[]>;

interface Mode {
  readonly name: string;
  readonly scheme: 'V1' | 'V3';
  readonly sts?: boolean;
  connect(account: Account): Send;
}

interface Account {
  readonly port: number;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

const require = createRequire(import.meta.url);
const version = '2014-05-26';

/** An input restricted to what a model knows, under the model's own property names. */
const shape = (note: unknown, given: Given): { made: unknown; known: Given } => {
  if (Array.isArray(given)) {
    // A list is always declared as `{ type: 'array', itemType }`.
    const { itemType } = note as { itemType: unknown };
    const items = given.map((item: Given) => shape(itemType, item));
    return { made: items.map(({ made }) => made), known: items.map(({ known }) => known) };
  }
  if (typeof given !== 'object') return { made: given, known: given };
  const model = note as ModelClass; // objects are declared by their class
  const byLowerName = new Map(
    Object.entries(model.names()).map(([property, wire]) => [wire.toLowerCase(), [property, wire]]),
  );
  const map: Record<string, unknown> = {};
  const known: Record<string, Given> = {};
  for (const [wireName, value] of Object.entries(given)) {
    const [property, ownWireName] = byLowerName.get(wireName.toLowerCase()) ?? [];
    if (property === undefined || ownWireName === undefined) continue;
    const inner = shape(model.types()[property], value);
    map[property] = inner.made;
    known[ownWireName] = inner.known;
  }
  return { made: new model(map), known };
};

type Call = (request: unknown) => Promise<unknown>;
type ClientClass = new (config: object) => Record<string, Call | undefined>;

/** A generated SDK: one method and one request class per operation. */
const generated =
  (sdk: string, settings: object = {}) =>
  (account: Account): Send => {
    const { port, ...keys } = account;
    const config = { ...keys, endpoint: `127.0.0.1:${port}`, protocol: 'http', ...settings };
    const { default: Client } = require(sdk) as { default: ClientClass };
    // The 1.x client insists on its own Config class, the newer ones take any object.
    const client = new Client({ regionId: 'cn-hangzhou', type: 'access_key', ...config });
    return async (operation, input) => {
      const { made, known } = shape(modelOf(sdk, operation), input);
      const method = operation.charAt(0).toLowerCase() + operation.slice(1);
      await client[method]?.(made);
      return flatten(known);
    };
  };

type PopCoreClass = new (config: object) => {
  request(action: string, parameters: object, options: object): Promise<unknown>;
};

/** pop-core: parameters by name. The older release knows only lists of plain values. */
const popCore =
  (sdk: string, method: 'GET' | 'POST', flattens: 'structs' | 'everything') =>
  (account: Account): Send => {
    const { port, ...keys } = account;
    const { RPCClient } = require(sdk) as { RPCClient: PopCoreClass };
    const client = new RPCClient({
      ...keys,
      endpoint: `http://127.0.0.1:${port}`,
      apiVersion: version,
    });
    return async (operation, input) => {
      const pairs = flatten(input);
      const lists = Object.entries(input).filter(([, value]) => Array.isArray(value));
      const others = pairs.filter(([name]) => !lists.some(([list]) => name.startsWith(`${list}.`)));
      const parameters =
        flattens === 'everything'
          ? Object.fromEntries(pairs)
          : Object.fromEntries([...lists, ...others]);
      await client.request(operation, parameters, { method });
      return pairs;
    };
  };

/** A parameter whose name holds characters that percent-encoding changes (a map key). */
const mapKey: Pair = ['Extra.#4#key', "a 'b'"];

type CoreClass = new (config: object) => {
  callApi(parameters: object, request: object, runtime: object): Promise<unknown>;
};
interface OpenApiCore {
  readonly default: CoreClass;
  readonly $OpenApiUtil: { readonly OpenApiRequest: new (map: object) => object };
}

/** The members of a JSON body as parameters: lists and objects stay JSON text. */
const asMembers = (body: Input): Pair[] =>
  Object.entries(body).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);

/** The generic call with a body: RegionId and a map key in the query, the rest in the body. */
const callApi =
  (reqBodyType: 'formData' | 'json', settings: object = {}) =>
  (account: Account): Send => {
    const { port, ...keys } = account;
    const { default: Client, $OpenApiUtil } = require('@alicloud/openapi-core') as OpenApiCore;
    const client = new Client({
      ...keys,
      endpoint: `127.0.0.1:${port}`,
      protocol: 'http',
      ...settings,
    });
    return async (operation, { RegionId = 'cn-hangzhou', ...body }) => {
      const query = [...flatten(RegionId, 'RegionId'), mapKey];
      await client.callApi(
        {
          action: operation,
          version,
          protocol: 'HTTP',
          method: 'POST',
          pathname: '/',
          authType: 'AK',
          style: 'RPC',
          reqBodyType,
          bodyType: 'json',
        },
        new $OpenApiUtil.OpenApiRequest({ query: Object.fromEntries(query), body }),
        {},
      );
      return [...query, ...(reqBodyType === 'json' ? asMembers(body) : flatten(body))];
    };
  };

const newest = '@alicloud/ecs20140526';
const sm3 = { signatureAlgorithm: 'ACS3-HMAC-SM3' };
const v1 = { signatureAlgorithm: 'v2' };

export const modes: readonly Mode[] = [
  { name: 'ecs 7 V3', scheme: 'V3', connect: generated(newest) },
  { name: 'ecs 7 V3 SM3', scheme: 'V3', connect: generated(newest, sm3) },
  { name: 'ecs 7 V3 STS', scheme: 'V3', sts: true, connect: generated(newest) },
  { name: 'ecs 7 V1', scheme: 'V1', connect: generated(newest, v1) },
  { name: 'ecs 7 V1 STS', scheme: 'V1', sts: true, connect: generated(newest, v1) },
  { name: 'ecs 3 V3', scheme: 'V3', connect: generated('alicloud-ecs-v3') },
  { name: 'ecs 3 V3 SM3', scheme: 'V3', connect: generated('alicloud-ecs-v3', sm3) },
  { name: 'ecs 3 V3 STS', scheme: 'V3', sts: true, connect: generated('alicloud-ecs-v3') },
  { name: 'ecs 3 V1', scheme: 'V1', connect: generated('alicloud-ecs-v3', v1) },
  { name: 'ecs 3 V1 STS', scheme: 'V1', sts: true, connect: generated('alicloud-ecs-v3', v1) },
  { name: 'ecs 1 V1', scheme: 'V1', connect: generated('alicloud-ecs-v1') },
  { name: 'ecs 1 V1 STS', scheme: 'V1', sts: true, connect: generated('alicloud-ecs-v1') },
  {
    name: 'pop-core GET',
    scheme: 'V1',
    connect: popCore('@alicloud/pop-core', 'GET', 'structs'),
  },
  {
    name: 'pop-core POST STS',
    scheme: 'V1',
    sts: true,
    connect: popCore('@alicloud/pop-core', 'POST', 'structs'),
  },
  {
    name: 'pop-core 1.3 GET',
    scheme: 'V1',
    connect: popCore('alicloud-pop-core-old', 'GET', 'everything'),
  },
  {
    name: 'pop-core 1.3 POST',
    scheme: 'V1',
    connect: popCore('alicloud-pop-core-old', 'POST', 'everything'),
  },
  { name: 'callApi form V3', scheme: 'V3', connect: callApi('formData') },
  { name: 'callApi form V3 SM3', scheme: 'V3', connect: callApi('formData', sm3) },
  { name: 'callApi form V1', scheme: 'V1', connect: callApi('formData', v1) },
  { name: 'callApi JSON V3', scheme: 'V3', connect: callApi('json') },
];

/** A client of one mode whose requests all end in the recorder. */
export const signerOf = (mode: Mode, recorder: Recorder) => {
  // A proxy of the surroundings would swallow the requests.
  process.env['NO_PROXY'] = '127.0.0.1';
  const accessKeyId = `testid-${mode.name.replaceAll(' ', '-')}`;
  const secret = `test secret+/=&% ${mode.name}`;
  const securityToken = mode.sts ? `CAIS+/token==${mode.name}` : undefined;
  const send = mode.connect({
    port: recorder.port,
    accessKeyId,
    accessKeySecret: secret,
    ...(securityToken === undefined ? {} : { securityToken }),
  });
  return async (operation: Operation, input: Input): Promise<Signed> => {
    const business = await send(operation, input);
    const [request, ...more] = recorder.take();
    if (request === undefined || more.length > 0) {
      throw new Error(`${mode.name} ${operation}: ${more.length + (request ? 1 : 0)} requests`);
    }
    const { name, scheme } = mode;
    return {
      mode: name,
      scheme,
      operation,
      accessKeyId,
      secret,
      securityToken,
      business,
      request,
    };
  };
};
