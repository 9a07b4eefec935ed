// Counters of the running server. Plain numbers on the hot path; the text form is made by the metrics
// library when somebody asks for it, so that a server nobody measures does not load it.

import type { Registry } from 'prom-client';
import type { VerifiedCopy } from '../jobs/step.ts';

type PromClient = typeof import('prom-client');

/** A figure that is read when somebody asks for it. */
export interface Gauge {
  name: string;
  help: string;
  labelNames: readonly string[];
  read(): Promise<{ labels: Record<string, string>; value: number }[]>;
}

type LoadGauges = () => Promise<readonly Gauge[]>;

export interface Metrics {
  /** Answers by action and code (`OK` for success). */
  count(action: string, code: string, seconds: number): void;
  /** Parameters that no operation knows. */
  unknownParameters(action: string, count: number): void;
  /** A stored copy was read again. */
  verified(found: VerifiedCopy): void;
  /** Bytes that came by the URL of an upload. */
  uploaded(sizeBytes: number): void;
  /** Figures that are loaded when somebody asks. */
  show(load: LoadGauges): void;
  render(): Promise<{ contentType: string; text: string }>;
}

/** Kinds of (action, code) pairs that are told apart; more are counted together. */
const MAX_SERIES = 2_000;

export const makeMetrics = (): Metrics => {
  const copies = { whole: 0, damaged: 0, repaired: 0 };
  let verifiedBytes = 0;
  const answers = new Map<
    string,
    { action: string; code: string; count: number; seconds: number }
  >();
  const unknown = new Map<string, number>();
  let uploadedBytes = 0;
  const shown: LoadGauges[] = [];
  const renderCopies = ({ Counter }: PromClient, registers: Registry[]): void => {
    const reads = new Counter({
      name: 'kindred_verified_copies_total',
      help: 'Stored copies that were read again, by what was found.',
      labelNames: ['outcome'],
      registers,
    });
    for (const [outcome, count] of Object.entries(copies)) reads.inc({ outcome }, count);
    const bytes = new Counter({
      name: 'kindred_verified_bytes_total',
      help: 'Bytes of stored copies that were read again.',
      registers,
    });
    bytes.inc(verifiedBytes);
  };
  return {
    count(action, code, seconds) {
      let key = `${action} ${code}`;
      if (!answers.has(key) && answers.size >= MAX_SERIES) key = 'other other';
      let series = answers.get(key);
      if (series === undefined) {
        const [a = 'other', c = 'other'] = key.split(' ');
        series = { action: a, code: c, count: 0, seconds: 0 };
        answers.set(key, series);
      }
      series.count += 1;
      series.seconds += seconds;
    },
    unknownParameters(action, count) {
      if (unknown.size < MAX_SERIES || unknown.has(action))
        unknown.set(action, (unknown.get(action) ?? 0) + count);
    },
    verified({ outcome, sizeBytes }) {
      copies[outcome] += 1;
      verifiedBytes += sizeBytes;
    },
    uploaded(sizeBytes) {
      uploadedBytes += sizeBytes;
    },
    show(load) {
      shown.push(load);
    },
    async render() {
      const client = await import('prom-client');
      const { collectDefaultMetrics, Counter, Registry } = client;
      const registry = new Registry();
      collectDefaultMetrics({ register: registry });
      const registers = [registry];
      const labelNames = ['action', 'code'];
      const total = new Counter({
        name: 'kindred_requests_total',
        help: 'Answers by action and code.',
        labelNames,
        registers,
      });
      const time = new Counter({
        name: 'kindred_request_seconds_total',
        help: 'Time from the request to its answer, summed.',
        labelNames,
        registers,
      });
      const strangers = new Counter({
        name: 'kindred_unknown_parameters_total',
        help: 'Parameters sent that the operation does not know.',
        labelNames: ['action'],
        registers,
      });
      const received = new Counter({
        name: 'kindred_upload_received_bytes_total',
        help: 'Bytes that came by the URLs of uploads.',
        registers,
      });
      received.inc(uploadedBytes);
      for (const { action, code, count, seconds } of answers.values()) {
        total.inc({ action, code }, count);
        time.inc({ action, code }, seconds);
      }
      for (const [action, count] of unknown) strangers.inc({ action }, count);
      renderCopies(client, registers);
      for (const load of shown) await renderGauges(client, registers, await load());
      const text = await registry.metrics();
      registry.clear();
      return { contentType: registry.contentType, text };
    },
  };
};

const renderGauges = async (
  { Gauge }: PromClient,
  registers: Registry[],
  gauges: readonly Gauge[],
): Promise<void> => {
  for (const { name, help, labelNames, read } of gauges) {
    const gauge = new Gauge({ name, help, labelNames, registers });
    for (const { labels, value } of await read()) gauge.set(labels, value);
  }
};
