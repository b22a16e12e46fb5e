// The table itself: headings that sort and resize, rows that select and open, cells that are edited in place.
// Arrow keys move between cells, Enter or F2 edits, Space selects the row.
import { ActionIcon, Checkbox, Group, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowsMaximize, IconArrowUp, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import {
  columnResizingFeature, columnSizingFeature, createExpandedRowModel, rowExpandingFeature, rowSelectionFeature, tableFeatures, useTable,
  type ColumnDef, type RowSelectionState,
} from '@tanstack/react-table';
import { useMemo, useRef, type KeyboardEvent } from 'react';
import { keyText } from '@/api/records';
import type { Row } from '@/api/types';
import { useT } from '@/base/i18n';
import { isKey } from '@/base/keyboard';
import { fieldTitle } from '@/parts/catalog/catalog';
import { useCatalog } from '@/parts/catalog/use_catalog';
import { useFormatContext } from '@/parts/fields/use_format';
import { defaultWidth, isNumeric, isSortable } from './columns';
import classes from './grid.module.css';
import { GridCell } from './GridCell';
import { RowMenu, type RowActions } from './RowMenu';
import type { CollectionRights } from './row_rights';
import type { Grid } from './use_grid';

const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  rowSelectionFeature,
  rowExpandingFeature,
  expandedRowModel: createExpandedRowModel(),
});

const leadWidth = 76;
const tailWidth = 44;

interface GridTableProps {
  collection: string;
  grid: Grid;
  rights: CollectionRights;
  actions: RowActions;
  selection: RowSelectionState;
  onSelection: (next: RowSelectionState) => void;
}

export function GridTable({ collection, grid, rights, actions, selection, onSelection }: GridTableProps) {
  const t = useT();
  const catalog = useCatalog();
  const context = useFormatContext();
  const body = useRef<HTMLTableSectionElement>(null);
  const { visible, choice, setChoice, sort } = grid;
  const columns = useMemo<ColumnDef<typeof features, Row>[]>(
    () => visible.map((field) => ({ id: field.name, accessorFn: (row) => row[field.name], size: defaultWidth(field), minSize: 70, maxSize: 900 })),
    [visible],
  );
  const data = grid.rows.data?.data ?? [];
  const table = useTable({
    features,
    columns,
    data,
    getRowId: (row, index, parent) => {
      const key = catalog.keyOf(collection, row);
      return key === undefined ? `${parent?.id ?? ''}/${index}` : keyText(key);
    },
    getSubRows: (row) => (grid.asTree ? (row.children as Row[] | undefined) : undefined),
    initialState: { expanded: true },
    autoResetExpanded: false,
    columnResizeMode: 'onChange',
    state: { rowSelection: selection, columnSizing: choice.sizes },
    onRowSelectionChange: (update) => onSelection(typeof update === 'function' ? update(selection) : update),
    onColumnSizingChange: (update) => setChoice({ ...choice, sizes: typeof update === 'function' ? update(choice.sizes) : update }),
    enableSubRowSelection: false,
  });
  const byName = new Map(visible.map((field) => [field.name, field]));
  const selectable = rights.destroy;

  const move = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget && !(event.target instanceof HTMLTableCellElement)) return;
    const cell = event.target as HTMLTableCellElement;
    const next = neighbour(body.current, cell, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div className={classes.frame} data-grid>
      <table
        className={`${classes.table} ${grid.rows.isPlaceholderData ? classes.stale : ''}`}
        style={{ minWidth: table.getTotalSize() + leadWidth + tailWidth }}
        role="grid"
        aria-label={catalog.title(collection)}
        aria-busy={grid.rows.isFetching}
        aria-rowcount={grid.rows.data?.meta.count ?? -1}
      >
        <colgroup>
          <col style={{ width: leadWidth }} />
          {table.getAllLeafColumns().map((column) => <col key={column.id} style={{ width: column.getSize() }} />)}
          <col />
          <col style={{ width: tailWidth }} />
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              <th className={classes.lead} scope="col">
                {selectable && (
                  <Checkbox
                    size="xs"
                    aria-label={t('grid.selectAll')}
                    checked={data.length > 0 && table.getIsAllRowsSelected()}
                    indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                )}
              </th>
              {group.headers.map((header) => {
                const field = byName.get(header.column.id);
                if (!field) return null;
                const place = sort.findIndex((term) => term.field === field.name);
                const term = sort[place];
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={isNumeric(field) ? classes.number : undefined}
                    aria-sort={term ? (term.descending ? 'descending' : 'ascending') : undefined}
                    title={field.description ?? undefined}
                  >
                    {isSortable(field) ? (
                      <UnstyledButton className={classes.sort ?? ''} onClick={(event) => grid.toggleSort(field, event.shiftKey)} title={t('grid.sortHint')}>
                        <span>{fieldTitle(field)}</span>
                        {term && (term.descending ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden />)}
                        {term && sort.length > 1 && <small>{place + 1}</small>}
                      </UnstyledButton>
                    ) : fieldTitle(field)}
                    <span
                      className={classes.resizer}
                      data-active={header.column.getIsResizing() || undefined}
                      onMouseDown={header.getResizeHandler()}
                      onTouchStart={header.getResizeHandler()}
                      onDoubleClick={() => header.column.resetSize()}
                      aria-hidden
                    />
                  </th>
                );
              })}
              <th className={classes.filler} aria-hidden />
              <th className={classes.tail} scope="col"><VisuallyHidden>{t('grid.actions')}</VisuallyHidden></th>
            </tr>
          ))}
        </thead>
        <tbody ref={body} onKeyDown={move}>
          {table.getRowModel().rows.map((row, rowIndex) => (
            <tr
              key={row.id}
              aria-selected={selectable ? row.getIsSelected() : undefined}
              onKeyDown={(event) => {
                if (selectable && isKey(event, ' ') && event.target instanceof HTMLTableCellElement) {
                  event.preventDefault();
                  row.toggleSelected();
                }
              }}
            >
              <td className={classes.lead}>
                <Group gap={6} wrap="nowrap">
                  {selectable && (
                    <Checkbox
                      size="xs"
                      aria-label={t('grid.selectRow', { row: rowIndex + 1 })}
                      checked={row.getIsSelected()}
                      disabled={!rights.mayDestroy(row.original)}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  )}
                  <Tooltip label={t('grid.open')} openDelay={500}>
                    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('grid.openRow', { row: rowIndex + 1 })} onClick={() => actions.view(row.original)}>
                      <IconArrowsMaximize size={14} />
                    </ActionIcon>
                  </Tooltip>
                </Group>
              </td>
              {row.getAllCells().map((cell, cellIndex) => {
                const field = byName.get(cell.column.id);
                if (!field) return null;
                return (
                  <GridCell
                    key={cell.id}
                    collection={collection}
                    field={field}
                    row={row.original}
                    context={context}
                    editable={rights.mayUpdate(row.original)}
                    tabIndex={rowIndex === 0 && cellIndex === 0 ? 0 : -1}
                    before={
                      grid.asTree && cellIndex === 0 ? (
                        <TreeToggle depth={row.depth} open={row.getIsExpanded()} hidden={!row.getCanExpand()} onToggle={() => row.toggleExpanded()} />
                      ) : undefined
                    }
                  />
                );
              })}
              <td className={classes.filler} aria-hidden />
              <td className={classes.tail}>
                <RowMenu row={row.original} number={rowIndex + 1} rights={rights} actions={actions} isTree={grid.asTree} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TreeToggle({ depth, open, hidden, onToggle }: { depth: number; open: boolean; hidden: boolean; onToggle: () => void }) {
  const t = useT();
  return (
    <ActionIcon
      size="xs"
      variant="subtle"
      color="gray"
      ml={depth * 18}
      mr={4}
      aria-label={open ? t('grid.collapse') : t('grid.expand')}
      aria-expanded={open}
      style={{ visibility: hidden ? 'hidden' : 'visible', verticalAlign: 'middle' }}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
    </ActionIcon>
  );
}

/** The cell an arrow, Home or End key leads to. */
function neighbour(body: HTMLTableSectionElement | null, cell: HTMLTableCellElement, key: string): HTMLElement | null {
  const row = cell.parentElement as HTMLTableRowElement;
  const cells = [...row.querySelectorAll<HTMLElement>('[data-cell]')];
  const at = cells.indexOf(cell);
  if (at < 0 || !body) return null;
  const inRow = (target: Element | null | undefined) => (target ? ([...target.querySelectorAll<HTMLElement>('[data-cell]')][at] ?? null) : null);
  switch (key) {
    case 'ArrowRight': return cells[at + 1] ?? null;
    case 'ArrowLeft': return cells[at - 1] ?? null;
    case 'ArrowDown': return inRow(row.nextElementSibling);
    case 'ArrowUp': return inRow(row.previousElementSibling);
    case 'Home': return cells[0] ?? null;
    case 'End': return cells.at(-1) ?? null;
    case 'PageDown': return inRow(body.lastElementChild);
    case 'PageUp': return inRow(body.firstElementChild);
    default: return null;
  }
}
