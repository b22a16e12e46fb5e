import { Group, Text } from '@mantine/core';

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b6b78" />
      <g fill="none" stroke="#fff" strokeWidth="3">
        <circle cx="12.5" cy="16" r="6" />
        <circle cx="19.5" cy="16" r="6" strokeOpacity=".75" />
      </g>
    </svg>
  );
}

export function Logo({ title = 'Renkei', size }: { title?: string | undefined; size?: number }) {
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Mark {...(size ? { size } : {})} />
      <Text fw={650} truncate>{title}</Text>
    </Group>
  );
}
