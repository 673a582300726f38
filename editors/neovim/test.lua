-- Opens a draft in a Neovim without window and asks for what gouji says of it:
--   GOUJI=target/debug/gouji nvim --headless --clean -u editors/neovim/gouji.lua -l editors/neovim/test.lua
-- and in Neovim before 0.9, which has no -l:
--   GOUJI=target/debug/gouji nvim --headless --clean -u editors/neovim/gouji.lua -c "luafile editors/neovim/test.lua"

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function check(what, truth)
  if not truth then
    fail("failed: " .. what)
  end
end

local file = vim.fn.tempname() .. " 报告.md"
vim.fn.writefile({
  "# 云岭县文联2023年度部门整体支出绩效自评报告",
  "",
  "𠮷：2023年我会总支出138.43万元，其中：基本支出118.43万元，项目支出20万元。",
  "",
  "2023年总支出138.43万元，财务台帐清楚。",
}, file)
vim.g.gouji = { path = vim.fn.fnamemodify(vim.env.GOUJI or "target/debug/gouji", ":p") }
vim.cmd("filetype on")
vim.cmd("edit " .. vim.fn.fnameescape(file))
vim.bo.filetype = "markdown"

local function found(code)
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local given = one.code or (one.user_data and one.user_data.lsp and one.user_data.lsp.code)
    if given == code then
      return one
    end
  end
end

vim.wait(20000, function() return found("TXT008") ~= nil end, 50)
local word = found("TXT008")
check("the wrong word is found", word)
check("on its line", word.lnum == 4)
local line = vim.api.nvim_buf_get_lines(0, 4, 5, false)[1]
check("at its place", line:sub(word.col + 1, word.end_col) == "台帐")

-- Neovim 0.12 counts positions in bytes, 0.10 in UTF-16.
local client = (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1]
local encoding = client.offset_encoding

local function ask(method, more)
  local column = #"𠮷：2023年我会总支出" + 1
  vim.api.nvim_win_set_cursor(0, { 3, column })
  local params = vim.lsp.util.make_position_params(0, encoding)
  for key, value in pairs(more or {}) do
    params[key] = value
  end
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 20000) or {}) do
    return answer.result
  end
end

local hover = ask("textDocument/hover")
check("hover tells the sum", hover and hover.contents.value:find("相符"))
local edit = ask("textDocument/rename", { newName = "140.50" })
check("rename answers", edit)
vim.lsp.util.apply_workspace_edit(edit, encoding)
local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
check("every mention is renamed", select(2, text:gsub("140%.50", "")) == 2 and not text:find("138"))
vim.wait(20000, function() return found("FIG001") ~= nil end, 50)
check("the total that no longer ties is found", found("FIG001"))
io.stdout:write("ok\n")
vim.cmd("quitall!")
