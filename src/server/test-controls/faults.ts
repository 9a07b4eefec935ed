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
import type { WaitingFault } from './fault.ts';
import { checkFault } from './fault-spec.ts';
import { MAX_FAULTS } from './limits.ts';

/** A job that a call begins and that is not to go well. */
interface Doomed {
  /** Task or image of the job, once the call is answered; undefined when it began none. */
  begun: Promise<string | undefined>;
  tell(id: string | undefined): void;
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
    for (const { tell } of this.#doomed) tell(undefined);
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
    const { promise: begun, resolve: tell } = Promise.withResolvers<string | undefined>();
    met.doomed = {
      begun,
      tell,
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
    this.#doomed = [...this.#doomed, met.doomed];
  }

  /** What becomes of the answer of a call that has met a fault. */
  async answer(exchange: Exchange, response: WireResponse, code: string): Promise<WireResponse> {
    const met = this.#met.get(exchange);
    if (met === undefined) return response;
    const { fault, doomed } = met;
    if (doomed !== undefined) {
      doomed.tell(code === 'OK' ? idOf(exchange) : undefined);
      if (code !== 'OK') this.#doomed = this.#doomed.filter((other) => other !== doomed);
    }
    if (fault.Kind === 'delay') await sleep(fault.Delay);
    if (fault.Kind === 'drop') return DROPPED;
    return {
      ...response,
      headers: { ...response.headers, 'x-kindred-fault': `${fault.FaultId} ${fault.Kind}` },
    };
  }

  /** Once for each job that was begun so. A job can run before its call is answered, and waits for that. */
  async failureOf(job: Job): Promise<PlannedFailure | undefined> {
    // The list is exchanged, never changed: this one stays as it is while calls are waited for.
    for (const doomed of this.#doomed) {
      const { accountId, kind, regionId } = doomed;
      if (kind !== job.kind || accountId !== job.accountId || regionId !== job.regionId) continue;
      const id = await doomed.begun;
      if (id !== job.taskId && id !== job.imageId) continue;
      this.#doomed = this.#doomed.filter((other) => other !== doomed);
      return doomed.failure;
    }
    return undefined;
  }
}

const idOf = ({ output }: Exchange): string | undefined => {
  const { TaskId, ImageId } = output as { TaskId?: string; ImageId?: string };
  return TaskId ?? ImageId;
};

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
