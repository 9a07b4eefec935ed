// The official Node SDK of ECS, unmodified, pointed at a Kindred. It is a development dependency: an
// installed package has no demo of this kind and says so.
import { UsageError } from './usage-error.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- the SDK's answers, printed as they come
type Answer = any;

export interface Sdk {
  /** `@alicloud/ecs20140526 7.11.6` */
  name: string;
  /** Calls an ECS operation by its request model (camel-case members); the answer's body. */
  ecs(action: string, request: object): Promise<Answer>;
  /** Calls an operation of product kindred through the SDK's generic door; wire names. */
  kindred(action: string, query: Record<string, string>): Promise<Answer>;
}

export const openSdk = async (
  url: string,
  key: { accessKeyId: string; accessKeySecret: string },
  regionId: string,
): Promise<Sdk> => {
  const { ecs, core, version } = await load();
  const { host, protocol } = new URL(url);
  const config = new core.$OpenApiUtil.Config({
    ...key,
    regionId,
    endpoint: host,
    protocol: protocol.slice(0, -1),
  });
  const client = new ecs.default(config);
  return {
    name: `@alicloud/ecs20140526 ${version}`,
    async ecs(action, request) {
      const Request = ecs[`${action}Request`];
      const nested = Object.entries(request).map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map((item) => model(ecs, `${action}Request`, name, item))
          : value,
      ]);
      const method = action.charAt(0).toLowerCase() + action.slice(1);
      return (await client[method](new Request(Object.fromEntries(nested)))).body;
    },
    async kindred(action, query) {
      const parameters = new core.$OpenApiUtil.Params({
        action,
        version: '2026-11-24',
        protocol: 'HTTP',
        pathname: '/',
        method: 'POST',
        authType: 'AK',
        style: 'RPC',
        reqBodyType: 'formData',
        bodyType: 'json',
      });
      const request = new core.$OpenApiUtil.OpenApiRequest({ query });
      return (await client.callApi(parameters, request, {})).body;
    },
  };
};

/** `ImportImageRequest` + `diskDeviceMapping` → `ImportImageRequestDiskDeviceMapping`. */
const model = (ecs: Answer, request: string, member: string, value: object): Answer =>
  new ecs[`${request}${member.charAt(0).toUpperCase()}${member.slice(1)}`](value);

const load = async (): Promise<{ ecs: Answer; core: Answer; version: string }> => {
  try {
    const [ecs, core, manifest] = await Promise.all([
      import('@alicloud/ecs20140526'),
      import('@alicloud/openapi-core'),
      import('@alicloud/ecs20140526/package.json', { with: { type: 'json' } }),
    ]);
    return { ecs: ecs.default, core: core.default, version: manifest.default.version };
  } catch {
    throw new UsageError(
      'the demo needs the official SDK: npm install @alicloud/ecs20140526 @alicloud/openapi-core',
    );
  }
};
