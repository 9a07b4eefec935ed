// What the hottest reads last found: a key's credentials, a session's role, the policies of both, and a
// family's newest image. Every write
// goes through this process, and every commit empties the memory before anyone hears of the commit,
// so that what is remembered equals what the rows say, always. A read that began before a commit may
// not put its older finding back: it carries the generation in which it began. A test compares both
// ways of asking after every kind of write.
import type { Principal } from '../domain/principal.ts';
import type { ReadTx } from '../domain/tx.ts';

/** Findings kept at once; more empties the memory. */
const MAX_FINDINGS = 20_000;

export class ReadMemory {
  readonly #findings = new Map<string, Promise<unknown>>();
  #generation = 0;

  /** To be called at each commit, before its writers are answered. */
  forget(): void {
    this.#generation += 1;
    this.#findings.clear();
  }

  /** What was found under the key since the last commit, or what `ask` finds now. */
  recall<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#findings.get(key);
    return known === undefined ? this.#remember(key, ask) : (known as Promise<T>);
  }

  async #remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const asked = this.#generation;
    const found = await ask();
    if (asked !== this.#generation) return found;
    if (this.#findings.size >= MAX_FINDINGS) this.#findings.clear();
    this.#findings.set(key, Promise.resolve(found));
    return found;
  }
}

/** The verbs of a reader, some of them with the memory before them. */
export const remembering = (verbs: ReadTx, memory: ReadMemory): ReadTx => ({
  ...verbs,
  credentials: (accessKeyId) =>
    memory.recall(`key ${accessKeyId}`, () => verbs.credentials(accessKeyId)),
  sessionRole: (accountId, roleName) =>
    memory.recall(`role ${accountId} ${roleName}`, () => verbs.sessionRole(accountId, roleName)),
  policiesOf: (accountId, principal) =>
    principal.kind === 'root'
      ? verbs.policiesOf(accountId, principal)
      : memory.recall(`policies ${accountId} ${entityIdOf(principal)}`, () =>
          verbs.policiesOf(accountId, principal),
        ),
  availableInFamily: (scope, imageFamily, limit) =>
    memory.recall(`family ${scope.accountId} ${scope.regionId} ${limit} ${imageFamily}`, () =>
      verbs.availableInFamily(scope, imageFamily, limit),
    ),
});

const entityIdOf = (principal: Exclude<Principal, { kind: 'root' }>): string =>
  principal.kind === 'user' ? principal.userId : principal.roleId;
