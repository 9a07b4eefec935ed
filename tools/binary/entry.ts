// Where the one-file program begins; bin/kindred.js is the same for the other forms.
import { main } from '../../src/cli/main.ts';

void main(process.argv.slice(2));
