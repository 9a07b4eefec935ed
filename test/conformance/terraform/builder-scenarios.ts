// The scenarios about the image builder.
import assert from 'node:assert/strict';
import { at, shows } from './image-scenarios.ts';
import { REGION } from './kit.ts';
import type { Scenario } from './run-scenario.ts';

const PIPELINE = 'alicloud_ecs_image_pipeline.full';
const COMPONENT = 'alicloud_ecs_image_component.full';
const MINIMAL = 'alicloud_ecs_image_component.minimal';

const imageBuilder: Scenario = {
  number: 26,
  title: 'components and pipelines of the image builder are kept',
  folder: 'image-builder',
  seed: async (kit) => ({
    base_image: (await kit.image()).imageId,
    account_id: '1284387915995949',
  }),
  steps: [
    {
      title: 'made',
      check(state, { base_image, account_id }) {
        const minimal = at(state, MINIMAL);
        assert.equal(minimal.image_component_name, minimal.id, 'the name is invented');
        shows(state, MINIMAL, { component_type: 'Build', system_type: 'Linux' });
        shows(state, COMPONENT, { image_component_name: 'terraform-component' });
        shows(state, PIPELINE, {
          base_image,
          add_account: [account_id],
          delete_instance_on_failure: false,
          internet_max_bandwidth_out: 20,
          system_disk_size: 40,
          to_region_id: ['cn-qingdao', 'cn-zhangjiakou'],
        });
      },
    },
  ],
  imports: [
    { address: COMPONENT, ignore: [] },
    { address: PIPELINE, ignore: ['add_account', 'build_content'] },
  ],
  async gone({ call }) {
    const { ImageComponent } = await call('DescribeImageComponents', { RegionId: REGION });
    assert.deepEqual(ImageComponent.ImageComponentSet, []);
    const { ImagePipeline } = await call('DescribeImagePipelines', { RegionId: REGION });
    assert.deepEqual(ImagePipeline.ImagePipelineSet, []);
  },
};

const EXECUTION = 'alicloud_ecs_image_pipeline_execution.one';

const execution: Scenario = {
  number: 26,
  title: 'an execution of a pipeline is started and cancelled',
  folder: 'image-pipeline-execution',
  since: '1.237.0',
  // Longer than the scenario: what has begun might have ended before it is cancelled.
  serverArgs: ['--pipeline-hold', '3600'],
  seed: async (kit) => ({ base_image: (await kit.image()).imageId }),
  steps: [
    {
      title: 'started',
      check(state) {
        const pipeline = at(state, 'alicloud_ecs_image_pipeline.plain').id;
        shows(state, EXECUTION, { image_pipeline_id: pipeline, status: 'PREPARING' });
        assert.ok(at(state, EXECUTION).create_time);
      },
    },
    {
      title: 'cancelled',
      variables: { status: 'CANCELLED' },
      check: (state) => shows(state, EXECUTION, { status: 'CANCELLED' }),
    },
  ],
  keepsId: EXECUTION,
  imports: [{ address: EXECUTION, ignore: [] }],
};

export const BUILDER_SCENARIOS: readonly Scenario[] = [imageBuilder, execution];
