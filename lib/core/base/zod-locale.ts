import { config } from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// zod's small variant, of which that is made which has to start fast, says nothing in words unless it is given some.
config(en());
