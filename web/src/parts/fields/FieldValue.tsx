// One value of a record, shown: the read side of every field.
import { Anchor, Badge, Code, ColorSwatch, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Field } from '@/api/types';
import { themeColor } from './colors';
import { findOption, formatValue, optionLabel, rowTitle, type FormatContext } from './format_value';
import { kindOf } from './kind';

interface FieldValueProps {
  field: Field;
  value: unknown;
  context: FormatContext;
  /** In a grid cell: one line, cut with an ellipsis. */
  compact?: boolean;
}

const maxTags = 4;

export function FieldValue({ field, value, context, compact = false }: FieldValueProps): ReactNode {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
    return compact ? null : <Text c="dimmed" span>—</Text>;
  }
  switch (kindOf(field)) {
    case 'boolean':
      return value
        ? <IconCheck size={18} color="var(--mantine-color-green-filled)" aria-label={context.yes} role="img" />
        : <IconMinus size={18} color="var(--mantine-color-dimmed)" aria-label={context.no} role="img" />;
    case 'choice':
      return <Tag label={optionLabel(field, value)} color={themeColor(findOption(field, value)?.color)} />;
    case 'choices':
    case 'list':
      return <Tags compact={compact} items={[value].flat().map((item) => ({ label: optionLabel(field, item), color: themeColor(findOption(field, item)?.color) }))} />;
    case 'many':
      return <Tags compact={compact} items={[value].flat().map((row) => ({ label: rowTitle(field, row, context), color: 'gray' }))} />;
    case 'email':
      return <Link href={`mailto:${String(value)}`} text={String(value)} />;
    case 'phone':
      return <Link href={`tel:${String(value)}`} text={String(value)} />;
    case 'url':
      return /^https?:\/\//i.test(String(value)) ? <Link href={String(value)} text={String(value)} outside /> : <Plain compact={compact}>{String(value)}</Plain>;
    case 'color':
      return <Group gap={6} wrap="nowrap"><ColorSwatch size={14} color={String(value)} /><span>{String(value)}</span></Group>;
    case 'json':
      return compact ? <Plain compact>{formatValue(field, value, context)}</Plain> : <Code block>{JSON.stringify(value, null, 2)}</Code>;
    case 'instant':
      return <Tooltip label={String(value)} openDelay={600}><span>{formatValue(field, value, context)}</span></Tooltip>;
    default:
      return <Plain compact={compact}>{formatValue(field, value, context)}</Plain>;
  }
}

function Plain({ compact, children }: { compact: boolean; children: string }) {
  if (compact) return <>{children.length > 300 ? `${children.slice(0, 300)}…` : children}</>;
  return <Text span style={{ whiteSpace: 'pre-wrap' }}>{children}</Text>;
}

function Link({ href, text, outside = false }: { href: string; text: string; outside?: boolean }) {
  return (
    <Anchor href={href} {...(outside ? { target: '_blank', rel: 'noopener noreferrer' } : {})} onClick={(event) => event.stopPropagation()}>
      {text}
    </Anchor>
  );
}

function Tag({ label, color }: { label: string; color: string }) {
  return <Badge variant="light" color={color} tt="none" fw={500} radius="sm" autoContrast>{label}</Badge>;
}

function Tags({ items, compact }: { items: { label: string; color: string }[]; compact: boolean }) {
  const shown = compact ? items.slice(0, maxTags) : items;
  return (
    <Group gap={4} wrap={compact ? 'nowrap' : 'wrap'} component="span">
      {shown.map((item, index) => <Tag key={`${index}:${item.label}`} {...item} />)}
      {items.length > shown.length && <Text span size="xs" c="dimmed">+{items.length - shown.length}</Text>}
    </Group>
  );
}
