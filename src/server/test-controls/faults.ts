// The faults that wait in a world, met in the order in which they were given. A call meets at most one.
// Each counts down and goes by itself, so that a test which forgets one cannot spoil the next for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../domain/job.ts';
import { ApiError, type ErrorCode } from '../../errors.ts';
import type { PlannedFailure } from '../../jobs/step.ts';
import type { Operation } from '../../operation.ts';
import { operations } from '../../operations/index.ts';
import type { WireResponse } from '../../wire/request.ts';
import type { Exchange } from '../exchange.ts';
import { ControlError } from './control-error.ts';
import { checkFault, type FaultSpec } from './fault-spec.ts';
import { MAX_FAULTS } from './limits.ts';

export interface WaitingFault extends FaultSpec {
  FaultId: string;
  /** Calls that will still meet it. */
  Left: number;
}

/** A job that a call has begun and that is not to go well. */
interface Doomed {
  accountId: string;
  kind: string;
  regionId: string;
  failure: PlannedFailure;
}

interface Met {
  fault: WaitingFault;
  doomed?: Doomed;
}

/** An answer that is never sent. */
const DROPPED: WireResponse = { status: 0, headers: {}, body: '', isDropped: true };

export class FaultPlans {
  #waiting: WaitingFault[] = [];
  #doomed: Doomed[] = [];
  readonly #met = new WeakMap<Exchange, Met>();
  #count = 0;

  /** @throws ControlError */
  add(given: unknown): WaitingFault {
    const spec = checkFault(given);
    if (this.#waiting.length >= MAX_FAULTS)
      throw new ControlError(`${MAX_FAULTS} faults wait already; remove some`);
    this.#count += 1;
    const fault = { ...spec, FaultId: `fault-${this.#count}`, Left: spec.Times ?? 1 };
    this.#waiting.push(fault);
    return fault;
  }

  list(): readonly WaitingFault[] {
    return this.#waiting;
  }

  clear(): void {
    this.#waiting = [];
    this.#doomed = [];
  }

  /** @throws ApiError the one that the fault names, or one that means: no answer */
  meet(exchange: Exchange): undefined {
    const fault = this.#waiting.find((candidate) => fits(candidate, exchange));
    if (fault === undefined) return;
    fault.Left -= 1;
    if (fault.Left === 0) this.#waiting = this.#waiting.filter((other) => other !== fault);
    exchange.faultId = fault.FaultId;
    const met: Met = { fault };
    this.#met.set(exchange, met);
    if (fault.Kind === 'error') throw errorOf(fault);
    if (fault.Kind === 'drop' && fault.When === 'before') throw new ApiError('ServiceUnavailable');
    if (fault.Kind !== 'fail-task') return;
    met.doomed = {
      accountId: exchange.credentials?.accountId ?? '',
      kind: fault.Operation,
      // A copy is a job of the region that it goes to.
      regionId: (exchange.input?.DestinationRegionId ?? exchange.input?.RegionId ?? '') as string,
      failure: {
        errorCode: fault.Code ?? 'OperationFailed',
        errorMessage: fault.Message ?? 'The test controls let this task fail.',
        progress: fault.Progress ?? 0,
      },
    };
    this.#doomed.push(met.doomed);
  }

  /** What becomes of the answer of a call that has met a fault. */
  async answer(exchange: Exchange, response: WireResponse, code: string): Promise<WireResponse> {
    const met = this.#met.get(exchange);
    if (met === undefined) return response;
    const { fault, doomed } = met;
    if (doomed !== undefined && code !== 'OK')
      this.#doomed = this.#doomed.filter((other) => other !== doomed);
    if (fault.Kind === 'delay') await sleep(fault.Delay);
    if (fault.Kind === 'drop') return DROPPED;
    return {
      ...response,
      headers: { ...response.headers, 'x-kindred-fault': `${fault.FaultId} ${fault.Kind}` },
    };
  }

  /** Once for each job that was begun so; in the order of the calls. */
  failureOf(job: Job): PlannedFailure | undefined {
    const at = this.#doomed.findIndex(
      ({ accountId, kind, regionId }) =>
        kind === job.kind && accountId === job.accountId && regionId === job.regionId,
    );
    return at < 0 ? undefined : this.#doomed.splice(at, 1)[0]?.failure;
  }
}

const fits = (fault: WaitingFault, { operation, input, envelope }: Exchange): boolean => {
  if (fault.Operation !== '*' && !isNamed(fault.Operation, operation)) return false;
  if (fault.AccessKeyId !== undefined && fault.AccessKeyId !== envelope?.accessKeyId) return false;
  if (fault.RegionId === undefined) return true;
  return fault.RegionId === input?.RegionId || fault.RegionId === input?.DestinationRegionId;
};

const isNamed = (name: string, operation: Operation | undefined): boolean => {
  const entry = operations.find((candidate) => candidate.name === name);
  return entry?.action === operation?.action && entry?.product === operation?.product;
};

const errorOf = ({ Code, Message, RetryAfter }: WaitingFault): ApiError =>
  // Looked up when the fault was given.
  new ApiError(Code as ErrorCode, {
    ...(Message !== undefined && { message: Message }),
    ...(RetryAfter !== undefined && { retryAfterMs: RetryAfter }),
  });
