// docs/reference/seed.schema.json: the form of seed files as JSON Schema, for editors.
import { asNode, type SchemaNode } from '../../src/lib/schema.ts';
import { seedSchema } from '../../src/operations/kindred/shared/seed-schema.ts';

/** Nothing but what is named may stand there, as `kindred seed apply` has it. */
const closed = (node: SchemaNode): object => ({
  ...JSON.parse(JSON.stringify(node)),
  ...(node.items && { items: closed(node.items) }),
  ...(node.properties && {
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(node.properties).map(([name, property]) => [name, closed(property)]),
    ),
  }),
});

export const seedSchemaSource = (): string =>
  `${JSON.stringify(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Kindred seed',
      ...closed(asNode(seedSchema)),
    },
    null,
    2,
  )}\n`;
