/*
 * Explains on pages opened from a file why their figures do not run: browsers load modules only from a server. This script is not a
 * module, so it runs from a file. On pages from a server it does nothing.
 */
if (location.protocol === 'file:' && !document.documentElement.hasAttribute('data-single-file')) {
  addEventListener('load', function () {
    if (customElements.get('latent-lab')) return;
    var figures = document.querySelectorAll('latent-lab');
    var targets = figures.length > 0 ? figures : [document.body];
    for (var i = 0; i < targets.length; i++) {
      var note = document.createElement('p');
      note.setAttribute('role', 'note');
      note.textContent =
        'This figure does not run from a file: browsers load its modules only from a server. Serve the folder, for example with "cargo xtask demo", or open the version in a single file.';
      targets[i].append(note);
    }
  });
}
