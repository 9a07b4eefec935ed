// All scenarios, and which of them a release of the provider can go through.
import { BUILDER_SCENARIOS } from './builder-scenarios.ts';
import { IMAGE_SCENARIOS } from './image-scenarios.ts';
import { INSTANCE_SCENARIOS } from './instance-scenarios.ts';
import { MORE_SCENARIOS } from './more-scenarios.ts';
import { RAM_SCENARIOS } from './ram-scenarios.ts';
import type { Scenario } from './run-scenario.ts';
import { isAtLeast } from './terraform.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...IMAGE_SCENARIOS,
  ...INSTANCE_SCENARIOS,
  ...MORE_SCENARIOS,
  ...BUILDER_SCENARIOS,
  ...RAM_SCENARIOS,
];

/** Why a release of the provider cannot go through the scenario; undefined when it can. */
export const lacking = ({ since }: Scenario, providerVersion: string): string | undefined =>
  since === undefined || isAtLeast(providerVersion, since)
    ? undefined
    : `the provider has what it needs since ${since}`;
