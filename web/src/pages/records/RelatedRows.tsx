import { Anchor, Group, Pagination, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { keyText, listRows, resourcePath } from '@/api/records';
import type { Field, Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { fieldTitle, isRelation } from '@/parts/catalog/catalog';
import { useCatalog, usePermissions } from '@/parts/catalog/use_catalog';
import { FieldValue } from '@/parts/fields/FieldValue';
import { rowTitle } from '@/parts/fields/format_value';
import { useFormatContext } from '@/parts/fields/use_format';
import { ErrorAlert } from '@/parts/kit/ErrorAlert';
import { gridFields } from './columns';

const pageSize = 8;
const maxColumns = 4;

/** The name of a related row, leading to it when its collection may be seen. */
export function RelatedRow({ field, row }: { field: Field; row: Row }) {
  const catalog = useCatalog();
  const permissions = usePermissions();
  const target = field.target ?? '';
  const title = rowTitle(field, row, { titleField: (name) => catalog.titleField(name) });
  const key = catalog.keyOf(target, row);
  if (key === undefined || !permissions.can(target, 'view')) return <>{title}</>;
  return (
    <Anchor component={Link} to="/admin/collections/$name/records" params={{ name: target } as never} search={{ row: keyText(key) } as never} size="sm">
      {title}
    </Anchor>
  );
}

/** The rows at the far end of a to-many relation, a page at a time. */
export function RelatedRows({ collection, sourceKey, field }: { collection: string; sourceKey: unknown; field: Field }) {
  const t = useT();
  const catalog = useCatalog();
  const context = useFormatContext();
  const [page, setPage] = useState(1);
  const target = field.target ?? '';
  const titleField = catalog.titleField(target);
  const columns = gridFields(catalog.fields(target))
    .filter((column) => !isRelation(column) && column.name !== titleField && !column.primaryKey && !['createdAt', 'updatedAt'].includes(column.interface ?? ''))
    .slice(0, maxColumns - 1);
  const rows = useQuery({
    queryKey: ['rows', target, 'related', collection, keyText(sourceKey), field.name, page],
    queryFn: ({ signal }) => listRows(resourcePath(collection, sourceKey, field.name), { page, pageSize }, signal),
    placeholderData: keepPreviousData,
  });
  if (rows.isError) return <ErrorAlert error={rows.error} />;
  if (rows.isPending) return <Text size="sm" c="dimmed">{t('common.loading')}</Text>;
  if (rows.data.data.length === 0) return <Text size="sm" c="dimmed">{t('record.noRelated')}</Text>;
  const titleColumn = catalog.field(target, titleField ?? '');
  const total = rows.data.meta.totalPage ?? 1;
  return (
    <>
      <Table.ScrollContainer minWidth={360}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{titleColumn ? fieldTitle(titleColumn) : catalog.title(target)}</Table.Th>
              {columns.map((column) => <Table.Th key={column.name}>{fieldTitle(column)}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.data.data.map((row, index) => (
              <Table.Tr key={keyText(catalog.keyOf(target, row) ?? index)}>
                <Table.Td><RelatedRow field={field} row={row} /></Table.Td>
                {columns.map((column) => (
                  <Table.Td key={column.name}><FieldValue field={column} value={row[column.name]} context={context} compact /></Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {total > 1 && <Group justify="flex-end"><Pagination size="xs" total={total} value={page} onChange={setPage} /></Group>}
    </>
  );
}
