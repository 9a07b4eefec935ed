// Which official client drives which operation, as the conformance suites last saw it on the wire: kept
// as data in test/conformance, so that the pages can be made without running a client.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one client drives in one suite. */
interface Driven {
  client: string;
  version: string;
  date: string;
  operations: string[];
}

/** One scenario of Terraform, which runs by a command of its own. */
export interface Scenario {
  number: number;
  title: string;
  passed: boolean;
  operations: string[];
}

/** The last run with one version of the provider. */
export interface TerraformRun {
  version: string;
  terraformVersion: string;
  date: string;
  scenarios: Scenario[];
  notRun: { number: number; title: string; reason: string }[];
}

export interface DrivenClients {
  clients: Driven[];
  /** Oldest version of the provider first. */
  terraform: readonly TerraformRun[];
  /** Operation → names of clients, in order. */
  byOperation: ReadonlyMap<string, readonly string[]>;
}

const readJson = <T>(path: string): T | undefined =>
  // The shape is what the suites write.
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;

export const readDrivenClients = (root: string): DrivenClients => {
  const folder = join(root, 'test/conformance');
  const driven = readJson<Driven[]>(join(folder, 'driven.json')) ?? [];
  const terraform = readJson<TerraformRun[]>(join(folder, 'terraform/results.json')) ?? [];
  // Of runs of one day that with the newest version is shown.
  const all = [...terraform.map(ofTerraform).toReversed(), ...driven];
  const groups = Map.groupBy(all, ({ client }) => client);
  const clients = [...groups.values()].map((group): Driven => {
    const newest = group.toSorted((a, b) => Date.parse(b.date) - Date.parse(a.date))[0]!;
    const operations = [...new Set(group.flatMap((entry) => entry.operations))].toSorted();
    return { ...newest, operations };
  });
  clients.sort((a, b) => (a.client < b.client ? -1 : 1));
  const byOperation = new Map<string, string[]>();
  for (const { client, operations } of clients)
    for (const name of operations) {
      const names = byOperation.get(name) ?? [];
      names.push(client);
      byOperation.set(name, names);
    }
  return { clients, terraform, byOperation };
};

const ofTerraform = ({ version, date, scenarios }: TerraformRun): Driven => ({
  client: 'Terraform',
  version: `alicloud ${version}`,
  date,
  operations: scenarios.filter(({ passed }) => passed).flatMap(({ operations }) => operations),
});
