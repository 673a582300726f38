-- gouji in Neovim 0.7 or later: put this file into the folder `plugin` of your configuration.
-- Settings go into vim.g.gouji, e.g. vim.g.gouji = { path = "/opt/gouji", settings = { inlayHints = true } }.

local function root(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  local config = vim.fn.findfile("gouji.toml", folder .. ";")
  return config ~= "" and vim.fn.fnamemodify(config, ":p:h") or folder
end

local started = {}

local function attach(buffer)
  local options = vim.g.gouji or {}
  local folder = root(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = "gouji",
    cmd = { options.path or "gouji", "lsp" },
    root_dir = folder,
    init_options = options.settings,
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  -- 0.7 does not look for a client that runs already.
  local id = started[folder]
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client(config)
    started[folder] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "text", "markdown" },
  callback = function(event)
    attach(event.buf or vim.api.nvim_get_current_buf())
  end,
})
