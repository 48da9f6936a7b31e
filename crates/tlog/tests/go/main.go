// Reads a published log with the library that Go's own module proxy and its clients use, golang.org/x/mod/sumdb. It shares no
// code with Candor. What is ours here: the spelling of paths (C2SP tlog-tiles leaves out the height, and says `entries`),
// the origin line of a checkpoint, and the cutting of entry bundles.
//
//	main KEY LOG OLDER [PROOFS]
//
// KEY is a file with the verifier key, LOG a published folder, OLDER a folder of checkpoints of the same log that were kept,
// PROOFS a file of proofs that Candor made (see crates/tlog/examples/growing_log.rs). All of it is checked; then bytes are
// flipped and files taken away, and each time something must be refused, or this check could not fail.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Width of a full tile is 2^height.
const height = 8

// Largest tree in which bytes are flipped: each time all of it is read again.
const flippedMax = 1000

// Bytes of a tile from one flip to the next: a prime, so that all places of a hash come up.
const flipStep = 61

func main() {
	if len(os.Args) != 4 && len(os.Args) != 5 {
		fail(errors.New("usage: main KEY LOG OLDER [PROOFS]"))
	}
	key, err := os.ReadFile(os.Args[1])
	fail(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	fail(err)
	log, err := readFolder(os.Args[2])
	fail(err)
	trees, err := readTrees(verifier, log, os.Args[3])
	fail(err)

	read := make(map[string]bool)
	var histories []history
	for _, tree := range trees {
		history, err := readTree(tree, published{log, read})
		fail(named(tree, err))
		histories = append(histories, history)
	}
	for path := range log {
		if strings.HasPrefix(path, "tile/") && !read[path] {
			fail(fmt.Errorf("no tree of this log has the file %s", path))
		}
	}
	newest := len(trees) - 1
	proofs, err := checkProofs(trees, histories[newest], published{log, read})
	fail(err)
	given := 0
	if len(os.Args) == 5 {
		given, err = checkGiven(os.Args[4], trees, histories[newest])
		fail(err)
	}
	refused, err := flipAll(verifier, trees, log)
	fail(err)
	fmt.Printf("Go reads %s: %d trees up to %d leaves, %d proofs from its tiles, %d of ours; refuses %d of %d changes\n",
		verifier.Name(), len(trees), trees[newest].N, proofs, given, refused, refused)
}

// readFolder reads all files of a folder: path with slashes to bytes.
func readFolder(folder string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		inner, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(inner)], err = os.ReadFile(path)
		return err
	})
	return files, err
}

// readTrees opens the published checkpoint and the kept ones, and gives their trees from the smallest to the published one.
func readTrees(verifier note.Verifier, log map[string][]byte, older string) ([]tlog.Tree, error) {
	newest, err := openCheckpoint(verifier, log["checkpoint"])
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	kept, err := readFolder(older)
	if err != nil {
		return nil, err
	}
	var trees []tlog.Tree
	for path, text := range kept {
		tree, err := openCheckpoint(verifier, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if tree.N >= newest.N {
			return nil, fmt.Errorf("%s: %d leaves are not less than the published %d", path, tree.N, newest.N)
		}
		trees = append(trees, tree)
	}
	sort.Slice(trees, func(a, b int) bool { return trees[a].N < trees[b].N })
	return append(trees, newest), nil
}

// openCheckpoint checks the signature of a checkpoint and reads its tree. Go's reader wants its own first line there.
func openCheckpoint(verifier note.Verifier, text []byte) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, rest, found := strings.Cut(opened.Text, "\n")
	if !found || origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("the origin is %q", origin)
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

// published is a folder as a tlog.TileReader: tlog-tiles has the paths of Go without the height.
type published struct {
	files map[string][]byte
	read  map[string]bool
}

func (p published) Height() int { return height }

func (p published) SaveTiles([]tlog.Tile, [][]byte) {}

func (p published) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		var err error
		if data[i], err = p.tile(tile); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (p published) tile(tile tlog.Tile) ([]byte, error) {
	bytes, err := p.file(tile)
	full := tlog.Tile{H: tile.H, L: tile.L, N: tile.N, W: 1 << height}
	if err == nil || tile == full {
		return bytes, err
	}
	// A partial tile may be gone once it is full: its beginning is the same.
	if bytes, err = p.file(full); err == nil {
		bytes = bytes[:tile.W*tlog.HashSize]
	}
	return bytes, err
}

func (p published) file(tile tlog.Tile) ([]byte, error) {
	path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
	path = strings.Replace(path, "tile/data/", "tile/entries/", 1)
	bytes, found := p.files[path]
	if !found {
		return nil, fmt.Errorf("%s is missing", path)
	}
	p.read[path] = true
	return bytes, nil
}

// history holds the hashes of a tree and of all before it, as Go stores them.
type history []tlog.Hash

func (h history) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(h)) {
			return nil, errors.New("a hash is not in the tree")
		}
		hashes[i] = h[index]
	}
	return hashes, nil
}

// readTree reads every hash of every tile through Go's TileHashReader, builds the tree again from the leaves alone, and
// compares the two, the signed root, and the entries.
//
// The second way is needed: before x/mod 0.40.0 (CVE-2026-56865) the TileHashReader lets up to two full tiles through without
// a look at their parent, and Debian 12 has 0.7.0.
func readTree(tree tlog.Tree, log published) (history, error) {
	var indexes []int64
	var levels []int
	for level := 0; tree.N>>level > 0; level += height {
		for n := int64(0); n < tree.N>>level; n++ {
			indexes = append(indexes, tlog.StoredHashIndex(level, n))
			levels = append(levels, level)
		}
	}
	// The library of this version has zeros as the root of no leaves; RFC 6962 has the hash of nothing, and so do later ones.
	if tree.N == 0 {
		if tree.Hash != sha256.Sum256(nil) {
			return nil, errors.New("it does not have the root of no leaves")
		}
		return nil, nil
	}
	hashes, err := tlog.TileHashReader(tree, log).ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	var stored history
	for n := int64(0); n < tree.N; n++ {
		more, err := tlog.StoredHashesForRecordHash(n, hashes[n], stored)
		if err != nil {
			return nil, err
		}
		stored = append(stored, more...)
	}
	for i, index := range indexes {
		if stored[index] != hashes[i] {
			return nil, fmt.Errorf("a hash in a tile of level %d is not that of the leaves below", levels[i]/height)
		}
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err == nil && root != tree.Hash {
		err = errors.New("the leaves do not have the signed root")
	}
	if err != nil {
		return nil, err
	}
	return stored, readEntries(tree, hashes[:tree.N], log)
}

// readEntries checks that each bundle holds the entries whose hashes are the leaves.
func readEntries(tree tlog.Tree, leaves []tlog.Hash, log published) error {
	for len(leaves) > 0 {
		n := (tree.N - int64(len(leaves))) >> height
		width := len(leaves)
		if width > 1<<height {
			width = 1 << height
		}
		bundle, err := log.file(tlog.Tile{H: height, L: -1, N: n, W: width})
		cut := false
		if err != nil {
			cut = true
			bundle, err = log.file(tlog.Tile{H: height, L: -1, N: n, W: 1 << height})
		}
		if err != nil {
			return err
		}
		for i, leaf := range leaves[:width] {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("bundle %d ends before entry %d", n, i)
			}
			entry := bundle[2 : 2+binary.BigEndian.Uint16(bundle)]
			bundle = bundle[2+len(entry):]
			if tlog.RecordHash(entry) != leaf {
				return fmt.Errorf("entry %d of bundle %d is not the leaf", i, n)
			}
		}
		if len(bundle) > 0 && !cut {
			return fmt.Errorf("bundle %d goes on after its last entry", n)
		}
		leaves = leaves[width:]
	}
	return nil
}

// checkProofs makes proofs from the tiles alone, as a client of the folder does, and checks them: that each tree continues
// the one before and begins the newest, and that leaves are in it.
func checkProofs(trees []tlog.Tree, all history, log published) (int, error) {
	checked := 0
	newest := trees[len(trees)-1]
	for i, tree := range trees {
		reader := tlog.TileHashReader(tree, log)
		for _, n := range someLeaves(tree.N) {
			proof, err := tlog.ProveRecord(tree.N, n, reader)
			if err == nil {
				err = tlog.CheckRecord(proof, tree.N, tree.Hash, n, all[tlog.StoredHashIndex(0, n)])
			}
			if err == nil && tlog.CheckRecord(proof, tree.N, tree.Hash, n, flipHash(tree.Hash)) == nil {
				err = errors.New("another leaf is let through")
			}
			if err != nil {
				return 0, named(tree, fmt.Errorf("leaf %d: %w", n, err))
			}
			checked++
		}
		// Go knows no proof from the empty tree, which begins every tree.
		if tree.N == 0 {
			continue
		}
		for _, later := range []tlog.Tree{trees[min(i+1, len(trees)-1)], newest} {
			proof, err := tlog.ProveTree(later.N, tree.N, tlog.TileHashReader(later, log))
			if err == nil {
				err = tlog.CheckTree(proof, later.N, later.Hash, tree.N, tree.Hash)
			}
			if err == nil && tlog.CheckTree(proof, later.N, later.Hash, tree.N, flipHash(tree.Hash)) == nil {
				err = errors.New("another tree is let through")
			}
			if err != nil {
				return 0, named(tree, fmt.Errorf("continued by %d leaves: %w", later.N, err))
			}
			checked++
		}
	}
	return checked, nil
}

// someLeaves gives the first, the last, those at the edges of tiles, and every 97th leaf of a small tree or 9973rd of a large.
func someLeaves(size int64) []int64 {
	step := int64(97)
	if size > flippedMax {
		step = 9973
	}
	leaves := []int64{0, size - 1, 255, 256, 511, 512, 65535, 65536}
	for n := step; n < size; n += step {
		leaves = append(leaves, n)
	}
	var there []int64
	for _, n := range leaves {
		if n >= 0 && n < size {
			there = append(there, n)
		}
	}
	return there
}

// checkGiven checks the proofs that Candor made.
func checkGiven(path string, trees []tlog.Tree, all history) (int, error) {
	roots := make(map[int64]tlog.Hash)
	for _, tree := range trees {
		roots[tree.N] = tree.Hash
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) < 3 {
			return 0, fmt.Errorf("no proof: %q", line)
		}
		a, errA := strconv.ParseInt(words[1], 10, 64)
		b, errB := strconv.ParseInt(words[2], 10, 64)
		if errA != nil || errB != nil {
			return 0, fmt.Errorf("no sizes: %q", line)
		}
		var proof []tlog.Hash
		for _, word := range words[3:] {
			hash, err := tlog.ParseHash(word)
			if err != nil {
				return 0, err
			}
			proof = append(proof, hash)
		}
		switch words[0] {
		case "inclusion":
			err = tlog.CheckRecord(proof, a, roots[a], b, all[tlog.StoredHashIndex(0, b)])
		case "consistency":
			err = tlog.CheckTree(proof, b, roots[b], a, roots[a])
		default:
			err = errors.New("of an unknown kind")
		}
		if err != nil {
			return 0, fmt.Errorf("proof %s %d %d: %w", words[0], a, b, err)
		}
	}
	return len(lines), nil
}

// flipAll changes the largest tree that is small enough, byte by byte, and the checkpoint, and gives how many changes there
// were. Each must be refused.
func flipAll(verifier note.Verifier, trees []tlog.Tree, log map[string][]byte) (int, error) {
	var tree tlog.Tree
	for _, other := range trees {
		if other.N <= flippedMax {
			tree = other
		}
	}
	if tree.N == 0 {
		return 0, errors.New("no tree is small enough to be changed")
	}
	of := make(map[string]bool)
	if _, err := readTree(tree, published{log, of}); err != nil {
		return 0, named(tree, err)
	}
	refused := 0
	for path := range of {
		whole := log[path]
		changed := [][]byte{nil, whole[:len(whole)-1], append(whole[:len(whole):len(whole)], 0)}
		for at := 0; at < len(whole); at += flipStep {
			changed = append(changed, flip(whole, at))
		}
		for _, bytes := range changed {
			files := make(map[string][]byte)
			for other := range of {
				files[other] = log[other]
			}
			if files[path] = bytes; bytes == nil {
				delete(files, path)
			}
			if _, err := readTree(tree, published{files, make(map[string]bool)}); err == nil {
				return 0, named(tree, fmt.Errorf("a change of %s is let through", path))
			}
			refused++
		}
	}
	notes, err := flipNote(verifier, log["checkpoint"])
	return refused + notes, err
}

// flipNote changes each byte of the text, and each of the key id and signature beneath their base64.
func flipNote(verifier note.Verifier, whole []byte) (int, error) {
	text := bytes.LastIndex(whole, []byte("\n\n")) + 1
	space := bytes.LastIndexByte(whole, ' ') + 1
	signature, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(whole[space:])))
	if err != nil {
		return 0, err
	}
	var changed [][]byte
	for at := 0; at < text; at++ {
		changed = append(changed, flip(whole, at))
	}
	for at := range signature {
		line := base64.StdEncoding.EncodeToString(flip(signature, at)) + "\n"
		changed = append(changed, append(whole[:space:space], line...))
	}
	for _, other := range changed {
		if _, err := openCheckpoint(verifier, other); err == nil {
			return 0, fmt.Errorf("a changed checkpoint is let through:\n%s", other)
		}
	}
	return len(changed), nil
}

func flip(whole []byte, at int) []byte {
	changed := append([]byte(nil), whole...)
	changed[at] ^= 1
	return changed
}

func flipHash(hash tlog.Hash) tlog.Hash {
	hash[0] ^= 1
	return hash
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func named(tree tlog.Tree, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("tree of %d leaves: %w", tree.N, err)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "Go does not accept this log:", err)
		os.Exit(1)
	}
}
