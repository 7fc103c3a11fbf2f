// SPDX-License-Identifier: MIT
// Runs a fuzz target over files and folders of inputs: the corpus, and with it every input that ever broke something, is a test.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

namespace files = std::filesystem;

std::vector<files::path> inputs_of(const files::path& place) {
  if (!files::is_directory(place)) return {place};
  std::vector<files::path> inputs;
  for (const auto& entry : files::recursive_directory_iterator(place)) {
    if (entry.is_regular_file()) inputs.push_back(entry.path());
  }
  return inputs;
}

bool replay(const files::path& input) {
  std::ifstream stream(input, std::ios::binary);
  if (!stream) return false;
  const std::vector<char> text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());  // exactly as large, so that a sanitizer sees one octet too far
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (const std::string& place : std::vector<std::string>(argv + 1, argv + argc)) {
    for (const files::path& input : inputs_of(place)) {
      std::fprintf(stderr, "%s\n", input.c_str());  // the last line names the input that ended the process
      if (!replay(input)) return std::fprintf(stderr, "cannot be read\n"), 1;
      ++count;
    }
  }
  std::printf("%zu inputs replayed\n", count);
  return count > 0 ? 0 : 1;
}
