import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import './entry_styles';
import '@/base/base.css';
import { createRoot } from 'react-dom/client';
import { initialLocale, setLocale } from '@/base/i18n';
import { App } from './App';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
await setLocale(initialLocale());
createRoot(root).render(<App />);
