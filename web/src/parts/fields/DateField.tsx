// Dates and times. Loaded on first use, with the picker and its date library.
import { DateInput, DateTimePicker, TimeInput } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import type { Field } from '@/api/types';
import { useLocale } from '@/base/i18n';
import { DateSettings } from './DateSettings';
import { instantToPicker, pickerToInstant, wallTimeToPicker } from './date_text';
import { kindOf } from './kind';

interface DateFieldProps {
  field: Field;
  frame: object;
  value: unknown;
  onChange: (value: unknown) => void;
}

const dayFormats = { 'en-US': 'MMM D, YYYY', 'ja-JP': 'YYYY/MM/DD', 'zh-CN': 'YYYY-MM-DD' } as const;

export function DateField(props: DateFieldProps) {
  return <DateSettings><Picker {...props} /></DateSettings>;
}

function Picker({ field, frame, value, onChange }: DateFieldProps) {
  const format = dayFormats[useLocale()];
  const icon = { leftSection: <IconCalendar size={16} aria-hidden />, leftSectionPointerEvents: 'none' as const };
  switch (kindOf(field)) {
    case 'day':
      return (
        <DateInput
          {...frame}
          {...icon}
          clearable
          valueFormat={format}
          value={typeof value === 'string' ? value.slice(0, 10) : null}
          onChange={(next) => onChange(next)}
        />
      );
    case 'time':
      return <TimeInput {...frame} withSeconds value={typeof value === 'string' ? value.slice(0, 8) : ''} onChange={(event) => onChange(event.currentTarget.value || null)} />;
    case 'wallTime':
      return (
        <DateTimePicker
          {...frame}
          {...icon}
          clearable
          withSeconds
          valueFormat={`${format} HH:mm:ss`}
          value={wallTimeToPicker(value)}
          onChange={(next) => onChange(next)}
        />
      );
    default:
      return (
        <DateTimePicker
          {...frame}
          {...icon}
          clearable
          withSeconds
          valueFormat={`${format} HH:mm:ss`}
          value={instantToPicker(value)}
          onChange={(next) => onChange(pickerToInstant(next))}
        />
      );
  }
}
