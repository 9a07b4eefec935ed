// What was called in a world: the last calls, each with what became of its parameters. Secrets are not
// kept: a value whose name tells of one is replaced.
import type { Call } from './call.ts';
import { MAX_CALLS, MAX_KEPT_TEXT } from './limits.ts';
import { effectOf } from './parameter-effect.ts';
import type { Exchange } from '../exchange.ts';

const SECRET = /secret|password|token|signature|userdata/i;

export class CallLog {
  #calls: Call[] = [];
  #count = 0;

  add(exchange: Exchange, status: number, code: string, elapsedMs: number): void {
    this.#count += 1;
    if (this.#calls.length >= MAX_CALLS) this.#calls.shift();
    const { operation, parameters, envelope, call } = exchange;
    const business = [...(parameters?.business ?? [])];
    const ReadParameters: string[] = [];
    const IgnoredParameters: Call['IgnoredParameters'] = [];
    for (const [Name] of operation === undefined ? [] : business) {
      const effect = effectOf(operation!.input, Name);
      if (effect.isRead) ReadParameters.push(Name);
      else IgnoredParameters.push({ Name, Reason: effect.reason });
    }
    this.#calls.push({
      Number: this.#count,
      RequestId: exchange.requestId,
      Time: new Date(exchange.nowMs).toISOString(),
      Product: operation?.product ?? '',
      Version: call?.version ?? '',
      Action: call?.action ?? '',
      AccessKeyId: envelope?.accessKeyId ?? '',
      Parameters: Object.fromEntries(
        business.map(([name, value]) => [
          name,
          SECRET.test(name) ? '[redacted]' : value.slice(0, MAX_KEPT_TEXT),
        ]),
      ),
      Status: status,
      Code: code,
      ElapsedMs: Math.round(elapsedMs * 100) / 100,
      ReadParameters,
      IgnoredParameters,
      ...(exchange.faultId !== undefined && { Fault: exchange.faultId }),
    });
  }

  all(): readonly Call[] {
    return this.#calls;
  }

  clear(): void {
    this.#calls = [];
    this.#count = 0;
  }
}
