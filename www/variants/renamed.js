// The class without its registration, under another name.
import { LatentLabElement } from '../element.js';

customElements.define('my-figure', class extends LatentLabElement {});
