// The colours a choice may have on the wire, as colours of our theme.
const themeColors: Record<string, string> = {
  red: 'red', magenta: 'pink', volcano: 'orange', orange: 'orange', gold: 'yellow', lime: 'lime', green: 'green',
  cyan: 'cyan', blue: 'blue', geekblue: 'indigo', purple: 'grape', default: 'gray',
};

export const optionColors = Object.keys(themeColors);

export function themeColor(color: string | null | undefined): string {
  return themeColors[color ?? 'default'] ?? 'gray';
}
