// One cell: shows its value, and lets it be changed in place (double click, Enter or F2).
import { Loader } from '@mantine/core';
import { lazy, memo, Suspense, useRef, useState, type ReactNode } from 'react';
import type { Field, Row } from '@/api/types';
import { isKey } from '@/base/keyboard';
import { usePermissions } from '@/parts/catalog/use_catalog';
import { FieldValue } from '@/parts/fields/FieldValue';
import type { FormatContext } from '@/parts/fields/format_value';
import { isEditable } from '@/parts/fields/kind';
import { isNumeric } from './columns';
import classes from './grid.module.css';

const CellEditor = lazy(() => import('./CellEditor').then((module) => ({ default: module.CellEditor })));

interface GridCellProps {
  collection: string;
  field: Field;
  row: Row;
  context: FormatContext;
  editable: boolean;
  tabIndex: number;
  before?: ReactNode;
}

export const GridCell = memo(function GridCell({ collection, field, row, context, editable, tabIndex, before }: GridCellProps) {
  const permissions = usePermissions();
  const cell = useRef<HTMLTableCellElement>(null);
  const [editing, setEditing] = useState(false);
  const [saved, setSaved] = useState(0);
  const mayEdit = editable && isEditable(field) && permissions.canField(collection, 'update', field.name);
  const value = row[field.name];

  const close = (wasSaved: boolean) => {
    setEditing(false);
    if (wasSaved) setSaved((count) => count + 1);
    requestAnimationFrame(() => cell.current?.focus());
  };
  return (
    <td
      ref={cell}
      key={saved}
      data-cell
      className={[classes.cell, isNumeric(field) ? classes.number : '', editing ? classes.editing : '', saved ? classes.saved : ''].join(' ')}
      tabIndex={tabIndex}
      aria-readonly={!mayEdit}
      onDoubleClick={() => mayEdit && setEditing(true)}
      onKeyDown={(event) => {
        if (mayEdit && !editing && event.target === event.currentTarget && isKey(event, 'Enter', 'F2')) {
          event.preventDefault();
          setEditing(true);
        }
      }}
    >
      {editing ? (
        <Suspense fallback={<Loader size={14} />}>
          <CellEditor collection={collection} field={field} row={row} onClose={close} />
        </Suspense>
      ) : (
        <>
          {before}
          <FieldValue field={field} value={value} context={context} compact />
        </>
      )}
    </td>
  );
});
