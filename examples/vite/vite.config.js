export default {
  // The package's modules find their files beside themselves; Vite's own copies of them could not.
  optimizeDeps: { exclude: ['latent-lab'] },
  // Relative addresses: the built page may lie in any folder.
  base: './',
  build: {
    target: 'es2022',
    // Small files stay files too: as text in an address, a strict policy would not let the page fetch them.
    assetsInlineLimit: 0,
  },
};
