import { Group, Progress, Text } from '@mantine/core';
import { useT } from '@/base/i18n';
import { minimumPasswordLength, passwordStrength } from '@/base/password_strength';

const colors = ['gray', 'red', 'orange', 'lime', 'green'] as const;

/** Tells in colour, length and words how hard a password is to guess. */
export function PasswordMeter({ password }: { password: string }) {
  const t = useT();
  const strength = passwordStrength(password);
  const words = [
    t('password.rule', { count: minimumPasswordLength }),
    password.length < minimumPasswordLength ? t('password.tooShort', { count: minimumPasswordLength }) : t('password.weak'),
    t('password.fair'),
    t('password.good'),
    t('password.strong'),
  ];
  return (
    <Group gap="xs" wrap="nowrap" mt={6} aria-live="polite">
      <Progress value={strength * 25} color={colors[strength]} size="sm" w={96} aria-hidden />
      <Text size="xs" c="dimmed">{words[strength]}</Text>
    </Group>
  );
}
