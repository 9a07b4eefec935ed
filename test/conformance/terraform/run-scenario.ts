// One scenario from an empty server to an empty server: seed → for each step apply, look at the state,
// plan without a difference → import → destroy → the same contents as after the seed, and Fsck finds
// nothing. Each scenario has a server of its own, so that they can run beside one another and nothing
// that one of them leaves can hide behind another.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { startServer, type Scope, type TestServer } from '../../../src/testing/server.ts';
import type { Target } from '../clients.ts';
import { recorded } from '../record.ts';
import { contents, FAR_REGION, kitFor, REGION, type Kit } from './kit.ts';
import { isAtLeast, workspace, type Programs, type Resource } from './terraform.ts';
import { makeCertificate } from './certificate.ts';

export type State = ReadonlyMap<string, Resource['values']>;
type Variables = Readonly<Record<string, unknown>>;

export interface Step {
  title: string;
  /** Beside those of the seed and of the steps before. */
  variables?: Variables;
  check(state: State, seed: Variables, kit: Kit): void | Promise<void>;
}

export interface Import {
  address: string;
  /** Default: the id in the state. */
  id?(values: Resource['values']): string;
  /** Arguments that the API does not tell, and that an import therefore cannot know. */
  ignore: readonly string[];
}

export interface Scenario {
  /** As numbered among the provider's own acceptance tests; 0 for what is none of them. */
  number: number;
  title: string;
  folder: string;
  /** The first release of the provider that has what it needs: `1.227.0`. */
  since?: string;
  /** Further arguments of `serve`. */
  serverArgs?: readonly string[];
  seed?(kit: Kit): Promise<Variables>;
  steps: readonly Step[];
  imports?: readonly Import[];
  /** The resource that is changed in place from step to step, never replaced. */
  keepsId?: string;
  /** Looked at after the destroy. */
  gone?(kit: Kit, seed: Variables): Promise<void>;
  /** Calls of other regions go to the cloud's own host names; a proxy leads them to Kindred. */
  byProxy?: boolean;
  /** Part of the provider speaks HTTPS whatever its settings say. */
  byTls?: boolean;
}

const providerBlock = (
  target: Target,
  { byTls = false }: Scenario,
  { providerVersion }: Programs,
): string => {
  const address = `${target.host}:${target.port}`;
  const settings = (region: string) => ({
    region,
    access_key: target.accessKeyId,
    secret_key: target.accessKeySecret,
    skip_region_validation: true,
    // Since then a provider that is not told asks the cloud for it at every start.
    ...(isAtLeast(providerVersion, '1.240.0') && { account_type: 'Domestic' }),
    protocol: byTls ? 'HTTPS' : 'HTTP',
    endpoints: [
      {
        ecs: address,
        vpc: address,
        sts: address,
        ram: address,
        location: address,
        oss: address,
      },
    ],
  });
  return JSON.stringify({
    terraform: { required_providers: { alicloud: { source: 'aliyun/alicloud' } } },
    provider: { alicloud: [settings(REGION), { alias: 'far', ...settings(FAR_REGION) }] },
  });
};

interface LogLine {
  msg?: string;
  action?: string;
  code?: string;
  accessKeyId?: string;
}

/** Actions that the key was answered well since `from`, as the log tells them. */
const operationsIn = (log: string, from: number, accessKeyId: string): string[] => {
  const actions = new Set<string>();
  for (const line of log.slice(from).split('\n')) {
    if (!line.startsWith('{') || !line.endsWith('}')) continue;
    const entry = JSON.parse(line) as LogLine;
    if (entry.msg === 'request' && entry.code === 'OK' && entry.accessKeyId === accessKeyId)
      actions.add(entry.action ?? '');
  }
  return [...actions].toSorted();
};

/** A second key of the same account. */
const keyOfKit = async (server: TestServer): Promise<TestServer['key']> => {
  const made = await kitFor(server).other('CreateAccessKey');
  return { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
};

/** The provider's SDK tells no list from an empty one; which of them a state shows is chance. */
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const checkImports = async (
  { imports = [] }: Scenario,
  terraform: ReturnType<typeof workspace>,
): Promise<void> => {
  for (const { address, id, ignore } of imports) {
    const applied = (await terraform.state()).get(address);
    assert.ok(applied, address);
    const imported = await terraform.import(address, id?.(applied) ?? String(applied.id));
    const compared = (values: Resource['values']) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([name]) => name !== 'timeouts' && !ignore.includes(name))
          .map(([name, value]) => [name, isEmptyList(value) ? null : value]),
      );
    assert.deepEqual(compared(imported), compared(applied), `the import of ${address}`);
  }
};

/** Resolves with the operations that Terraform drove. */
export const runScenario = async (
  t: Scope,
  programs: Programs,
  scenario: Scenario,
): Promise<string[]> => {
  const quiet = { args: ['--log-level', 'debug', ...(scenario.serverArgs ?? [])] };
  const server = await startServer(t, quiet);
  const own = (): Target => {
    return { url: server.url, host: server.host, port: server.port, ...server.key };
  };
  const id = { client: 'Terraform', version: `alicloud ${programs.providerVersion.slice(1)}` };
  // The forward that records speaks plain HTTP alone.
  const seen = scenario.byTls ? undefined : await recorded(t, own(), id);
  const ownKey = await keyOfKit(server);
  const seed = (await scenario.seed?.(kitFor(server, ownKey))) ?? {};
  const before = await contents(kitFor(server, ownKey));

  const tls = scenario.byTls ? makeCertificate(t) : undefined;
  if (tls) await server.restart({ args: [...quiet.args, ...tls.args] });
  const from = server.log.length;
  const target = seen ?? own();
  const main = fileURLToPath(new URL(`${scenario.folder}/main.tf`, import.meta.url));
  const terraform = workspace(
    { after: (fn) => t.after(async () => fn()) },
    programs,
    { main, provider: providerBlock(target, scenario, programs) },
    { ...tls?.env, ...(scenario.byProxy && { HTTP_PROXY: target.url }) },
  );
  let variables = seed;
  const ids = new Set<unknown>();
  for (const step of scenario.steps) {
    variables = { ...variables, ...step.variables };
    await terraform.apply(variables);
    const state = await terraform.state();
    await step.check(state, seed, kitFor(server, ownKey));
    if (scenario.keepsId) ids.add(state.get(scenario.keepsId)?.id);
    await terraform.planIsEmpty();
  }
  assert.ok(ids.size <= 1, `${scenario.keepsId} was replaced`);
  await checkImports(scenario, terraform);
  await terraform.destroy();
  const operations = operationsIn(server.log, from, target.accessKeyId);

  if (tls) await server.restart(quiet);
  const kit = kitFor(server, ownKey);
  await scenario.gone?.(kit, seed);
  assert.deepEqual(await contents(kit), before, 'something is left');
  const { DifferenceCount, Differences } = await kit.other('Fsck');
  assert.deepEqual(Differences.Difference, []);
  assert.equal(DifferenceCount, 0);
  return operations;
};
