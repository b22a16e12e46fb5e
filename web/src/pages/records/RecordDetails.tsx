import { Divider, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Field, Row } from '@/api/types';
import { fieldTitle, isToMany } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { FieldValue } from '@/parts/fields/FieldValue';
import { kindOf } from '@/parts/fields/kind';
import { useFormatContext } from '@/parts/fields/use_format';
import { stampsLast } from './columns';
import { RelatedRow, RelatedRows } from './RelatedRows';

/** Every readable field of one record; the rows of its to-many relations as small tables beneath. */
export function RecordDetails({ collection, row, fields }: { collection: string; row: Row; fields: readonly Field[] }) {
  const catalog = useCatalog();
  const context = useFormatContext();
  const plain = stampsLast(fields.filter((field) => kindOf(field) !== 'many'));
  const many = fields.filter((field) => isToMany(field) && kindOf(field) === 'many');
  return (
    <Stack gap="lg">
      <SimpleGrid component="dl" cols={{ base: 1, sm: 2 }} m={0} verticalSpacing="md">
        {plain.map((field) => (
          <div key={field.name} style={['longText', 'json'].includes(kindOf(field)) ? { gridColumn: '1 / -1' } : undefined}>
            <Text component="dt" size="xs" c="dimmed" fw={500} mb={2}>{fieldTitle(field)}</Text>
            <Text component="dd" size="sm" m={0}>
              {kindOf(field) === 'one' && row[field.name]
                ? <RelatedRow field={field} row={row[field.name] as Row} />
                : <FieldValue field={field} value={row[field.name]} context={context} />}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {many.map((field) => (
        <section key={field.name} aria-label={fieldTitle(field)}>
          <Divider label={fieldTitle(field)} labelPosition="left" mb="xs" />
          <RelatedRows collection={collection} sourceKey={catalog.keyOf(collection, row)} field={field} />
        </section>
      ))}
    </Stack>
  );
}
