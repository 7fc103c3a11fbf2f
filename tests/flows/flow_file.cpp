// SPDX-License-Identifier: MIT
#include "flow_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace parley::test {
namespace {

constexpr std::string_view script_mark = "== script ==\n";
constexpr std::string_view ladder_mark = "== ladder ==\n";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool read_setting(Cast& cast, std::string_view line) {
  const auto blank = std::min(line.find(' '), line.size());
  const auto name = line.substr(0, blank);
  const std::string value(line.substr(std::min(blank + 1, line.size())));
  if (name == "agent")
    cast.agent = value;
  else if (name == "peer")
    cast.peer = value;
  else if (name == "transport")
    cast.transport = value;
  else if (name == "realm")
    cast.realms.push_back(value);
  else
    return false;
  return true;
}

Error bad(const std::filesystem::path& path, const char* why) {
  return Error{.code = Errc::BadSyntax, .reason = why, .detail = path.filename().string()};
}

}  // namespace

Result<FlowFile> FlowFile::read(const std::filesystem::path& path) {
  FlowFile flow;
  flow.path = path;
  const std::string text = read_text(path);
  const auto script_at = text.find(script_mark);
  const auto ladder_at = text.find(ladder_mark);
  if (script_at == std::string::npos || ladder_at == std::string::npos || ladder_at < script_at) {
    return bad(path, "needs a script and a ladder");
  }
  flow.head = text.substr(0, script_at);
  flow.script = text.substr(script_at + script_mark.size(), ladder_at - script_at - script_mark.size());
  flow.ladder = text.substr(ladder_at + ladder_mark.size());
  flow.script_line = static_cast<unsigned>(std::count(flow.head.begin(), flow.head.end(), '\n')) + 1;
  if (!flow.head.starts_with("# RFC ")) return bad(path, "begins with its RFC and section");
  for (const std::string_view line : lines_of(flow.head)) {
    if (line.empty() || line.front() == '#') continue;
    if (!read_setting(flow.cast, line)) return bad(path, "has an unknown setting");
  }
  return flow;
}

void FlowFile::rewrite(std::string_view new_ladder) const {
  std::ofstream file(path, std::ios::binary);
  file << head << script_mark << script << ladder_mark << new_ladder;
}

std::vector<std::filesystem::path> flow_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".flow") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string difference(std::string_view expected, std::string_view actual) {
  const auto a = lines_of(expected);
  const auto b = lines_of(actual);
  // Longest common lines from each pair of places to the end.
  std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  }
  std::string out;
  const auto put = [&out](char mark, std::string_view line) { out.append(1, mark).append(" ").append(line).append("\n"); };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      put(' ', a[i++]);
      ++j;
    } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
      put('-', a[i++]);
    } else {
      put('+', b[j++]);
    }
  }
  return out;
}

}  // namespace parley::test
